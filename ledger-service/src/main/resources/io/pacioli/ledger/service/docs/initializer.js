// Swagger UI fills in the example of a parameter, also of one that may be left out: a question would ask for positions and filters of
// the examples, which this ledger need not have.
function withoutOptionalExamples(text) {
  const api = JSON.parse(text);
  const operations = Object.values(api.paths).flatMap((path) => Object.values(path));
  const parameters = operations.flatMap((operation) => operation.parameters ?? []);
  for (const parameter of [...parameters, ...Object.values(api.components?.parameters ?? {})]) {
    if (!parameter.required) {
      delete parameter.example;
    }
  }
  return JSON.stringify(api);
}

SwaggerUIBundle({
  url: "./openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  displayRequestDuration: true,
  // No badge of a validator elsewhere.
  validatorUrl: null,
  responseInterceptor: (response) => {
    if (response.ok && new URL(response.url, location).pathname.endsWith("/openapi.json")) {
      response.text = withoutOptionalExamples(response.text);
    }
    return response;
  },
});
