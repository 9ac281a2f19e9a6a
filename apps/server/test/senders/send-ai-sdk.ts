import { OpenTelemetry } from '@ai-sdk/otel';
import { context } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { askWithAiSdk } from './ask-with-ai-sdk.ts';
import { senderPlaces } from './sender-places.ts';

const places = senderPlaces();

context.setGlobalContextManager(new AsyncLocalStorageContextManager());
const exporter = new OTLPTraceExporter({
  url: `${places.url}/v1/traces`,
  headers: { authorization: `Bearer ${places.key}` },
});
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });

await askWithAiSdk(places, new OpenTelemetry({ tracer: tracerProvider.getTracer('gen_ai') }));
await tracerProvider.shutdown();
