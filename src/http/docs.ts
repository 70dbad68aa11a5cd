/** /openapi.json, and /docs/: Swagger UI from its package, nothing from elsewhere, no inline script. */

import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import express, { type Router } from 'express';
import { z } from 'zod';
import { type Endpoint, endpoint } from './endpoint.ts';
import { openApiDocument } from './openapi.ts';

const FOLDER = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

// Swagger UI sets style attributes and draws its icons from data: URLs.
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Exitgate API</title>
<link rel="icon" href="favicon-32x32.png">
<link rel="stylesheet" href="swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({ url: '../openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null, tryItOutEnabled: true });
`;

export function docsRouter(): Router {
  const router = express.Router();
  router.use((_request, response, next) => {
    response.set({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'public, max-age=3600' });
    next();
  });
  router.get('/', (request, response) => {
    // Relative addresses in the page need the slash.
    if (request.originalUrl.split('?', 1)[0]?.endsWith('/')) response.type('html').send(PAGE);
    else response.redirect(308, `${request.baseUrl}/`);
  });
  router.get('/start.js', (_request, response) => {
    response.type('js').send(START);
  });
  for (const file of FILES)
    router.get(`/${file}`, (_request, response) => {
      response.sendFile(file, { root: FOLDER, cacheControl: false });
    });
  return router;
}

/** The document describes itself as well. */
export function withDocument(endpoints: readonly Endpoint[]): readonly Endpoint[] {
  let document: Record<string, unknown>;
  const all: readonly Endpoint[] = [
    ...endpoints,
    endpoint({
      method: 'get',
      path: '/openapi.json',
      name: 'openapi',
      tag: 'Service',
      summary: 'This document',
      answer: z.record(z.string(), z.unknown()),
      status: 200,
      problems: [],
      handler: async () => document,
    }),
  ];
  document = openApiDocument(all);
  return all;
}
