import { z } from 'zod';

// The content policy forbids making code from text. zod would try it once and be reported for it, so it is told first:
// this file has to be imported before any schema is.
z.config({ jitless: true });
