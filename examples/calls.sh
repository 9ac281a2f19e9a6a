# The same question in five dialects, with curl alone.
set -eu
url=$TOKENROUTER_BASE_URL
json='content-type: application/json'

curl -sS --fail-with-body "$url/v1/chat/completions" -H "authorization: Bearer $TOKENROUTER_API_KEY" -H "$json" \
  -d '{"model": "gpt-4o-mini", "messages": [{"role": "user", "content": "Hello"}]}'
curl -sS --fail-with-body "$url/v1/responses" -H "authorization: Bearer $TOKENROUTER_API_KEY" -H "$json" \
  -d '{"model": "gpt-4o-mini", "input": "Hello"}'
curl -sS --fail-with-body "$url/v1/messages" -H "x-api-key: $TOKENROUTER_API_KEY" -H "$json" \
  -d '{"model": "gpt-4o-mini", "max_tokens": 200, "messages": [{"role": "user", "content": "Hello"}]}'
curl -sS --fail-with-body "$url/v1beta/models/gpt-4o-mini:generateContent" -H "x-goog-api-key: $TOKENROUTER_API_KEY" \
  -H "$json" -d '{"contents": [{"parts": [{"text": "Hello"}]}]}'
curl -sS --fail-with-body "$url/v1/completions" -H "authorization: Bearer $TOKENROUTER_API_KEY" -H "$json" \
  -d '{"model": "gpt-4o-mini", "prompt": "Hello"}'

# A stream; -N shows each piece as it comes.
curl -sS -N --fail-with-body "$url/v1/chat/completions" -H "authorization: Bearer $TOKENROUTER_API_KEY" -H "$json" \
  -d '{"model": "gpt-4o-mini", "stream": true, "messages": [{"role": "user", "content": "Hello"}]}'
