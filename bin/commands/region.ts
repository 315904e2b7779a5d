/** Every client of the SDK asks there, those of the function's own code included. @param region @default the SDK's own */
export function useRegion(region: string | undefined): void {
  if (region !== undefined) process.env['AWS_REGION'] = region;
}
