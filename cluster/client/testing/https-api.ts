import { createHash, X509Certificate } from 'node:crypto';
import { createServer as createProxy } from 'node:http';
import { createServer, type Server } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { issueCertificates } from '../../embedded/pki/certificates.ts';

/** Who called, as the server sees it. */
export interface Caller {
  authorization: string | undefined;
  /** SHA-256 of the certificate the caller has proved to own; null without one. */
  certificate: string | null;
}

/** An HTTPS server that answers any request with who called. */
export async function startHttpsApi() {
  const issued = await issueCertificates();
  const other = await issueCertificates();
  const server = createServer(
    { cert: issued.serverCertificate, key: issued.serverKey, requestCert: true, rejectUnauthorized: false },
    (request, response) => {
      const { raw } = (request.socket as TLSSocket).getPeerCertificate();
      const caller: Caller = {
        authorization: request.headers.authorization,
        certificate: raw ? createHash('sha256').update(raw).digest('hex') : null,
      };
      response.setHeader('content-type', 'application/json').end(JSON.stringify(caller));
    },
  );
  const port = await listening(server);
  return {
    url: `https://127.0.0.1:${port}`,
    ca: issued.caCertificate,
    /** Of an authority that has not issued the server's. */
    wrongCa: other.caCertificate,
    /** A certificate that a client can show, with its key and what the server will see of it. */
    client: {
      certificate: other.serverCertificate,
      key: other.serverKey,
      fingerprint: createHash('sha256').update(new X509Certificate(other.serverCertificate).raw).digest('hex'),
    },
    close: () => (server.closeAllConnections(), server.close()),
  };
}

/** A proxy that tunnels by CONNECT, and remembers where to. */
export async function startConnectProxy() {
  const tunnels: string[] = [];
  const server = createProxy((_request, response) => void response.writeHead(405).end());
  server.on('connect', (request, socket, head) => {
    tunnels.push(request.url ?? '');
    const { hostname, port } = new URL(`http://${request.url}`);
    const upstream = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
  });
  const port = await listening(server);
  return { url: `http://127.0.0.1:${port}`, tunnels, close: () => (server.closeAllConnections(), server.close()) };
}

async function listening(server: Server | ReturnType<typeof createProxy>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
