export { javascript as x } from './library.ts';
import { javascript } from './library.ts';
export const inspector = javascript('inspector');
