import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { OpenAIInstrumentation } from '@traceloop/instrumentation-openai';
import OpenAI from 'openai';
import { askTheModel } from './ask-the-model.ts';
import { senderPlaces } from './sender-places.ts';

const { url, key, modelUrl } = senderPlaces();

const exporter = new OTLPTraceExporter({
  url: `${url}/v1/traces`,
  headers: { authorization: `Bearer ${key}` },
});
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
const instrumentation = new OpenAIInstrumentation();
instrumentation.setTracerProvider(tracerProvider);
instrumentation.manuallyInstrument(OpenAI);

await askTheModel(new OpenAI({ apiKey: 'sk-any', baseURL: `${modelUrl}/v1`, maxRetries: 0 }));
await tracerProvider.shutdown();
