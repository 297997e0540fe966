import type { HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import type { Body } from './body.ts';

/** What a route's handlers find in a request. */
export type Env = { Bindings: HttpBindings; Variables: { body: Body } };
export type Router = Hono<Env>;
