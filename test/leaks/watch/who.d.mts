export declare function whoIn(stack: string): string;
export declare function who(): string;
