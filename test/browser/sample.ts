/** A configuration with something to see in it. */
export const FILE = {
  jwt: {
    secret: 'generate',
    algorithms: ['HS256'],
    issuer: 'https://id.example.com/',
    audience: 'orders-api',
  },
  routes: [
    { paths: ['/orders', '/orders/{id}'], methods: ['POST', 'PUT', 'DELETE'], scopes: ['orders:write'] },
    { paths: ['/reports/*'], scopes: ['reports:read'] },
  ],
  credentialCacheSeconds: 0,
};
