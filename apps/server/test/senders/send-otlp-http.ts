import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { makeGenaiSpans } from './genai-spans.ts';
import { senderPlaces } from './sender-places.ts';

const { url, key } = senderPlaces();

const exporter = new OTLPTraceExporter({
  url: `${url}/v1/traces`,
  headers: { authorization: `Bearer ${key}` },
});
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });

makeGenaiSpans(tracerProvider.getTracer('weather-app', '1.0.0'));
await tracerProvider.shutdown();
