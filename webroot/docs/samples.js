const JSON_TYPE = 'application/json';
const EVENTS = 'text/event-stream';

const RENDERERS = { curl, Python: python, TypeScript: typescript, Java: java };

/** The languages of samples, in the order in which a page shows them. */
export const languages = Object.keys(RENDERERS);

/**
 * A program that calls an operation of an OpenAPI document with the document's example values and the token of the environment
 * variable TOKEN.
 */
export function sample(language, spec, path, method, origin) {
  return RENDERERS[language](request(spec, path, method, origin));
}

function resolve(spec, value) {
  if (!value?.$ref) {
    return value;
  }
  const target = value.$ref
    .slice(2)
    .split('/')
    .reduce((node, name) => node[name.replaceAll('~1', '/').replaceAll('~0', '~')], spec);
  return resolve(spec, target);
}

function example(schema) {
  return schema?.examples?.[0] ?? schema?.example ?? schema?.default ?? schema?.enum?.[0] ?? 1;
}

function request(spec, path, method, origin) {
  const operation = spec.paths[path][method];
  const parameters = (operation.parameters ?? []).map((parameter) => resolve(spec, parameter));
  let target = path;
  for (const parameter of parameters.filter(({ in: place }) => place === 'path')) {
    target = target.replace(`{${parameter.name}}`, encodeURIComponent(example(resolve(spec, parameter.schema))));
  }
  const query = parameters
    .filter((parameter) => parameter.in === 'query' && parameter.required)
    .map((parameter) => `${parameter.name}=${encodeURIComponent(example(resolve(spec, parameter.schema)))}`);
  const content = resolve(spec, operation.requestBody)?.content?.[JSON_TYPE];
  const success = Object.keys(operation.responses).find((status) => status.startsWith('2'));
  const types = Object.keys(resolve(spec, operation.responses[success])?.content ?? {});
  return {
    method: method.toUpperCase(),
    url: new URL((spec.servers?.[0]?.url ?? '') + target, origin).href + (query.length ? `?${query.join('&')}` : ''),
    body: content && JSON.stringify(content.example ?? example(resolve(spec, content.schema))),
    type: types[0],
  };
}

function isText(type) {
  return !type || type === JSON_TYPE || type === EVENTS || type.startsWith('text/') || type.endsWith('xml');
}

function curl({ method, url, body, type }) {
  const options = ['-s', type === EVENTS && '-N', !isText(type) && '-OJ', method !== 'GET' && `-X ${method}`].filter(Boolean);
  const lines = [`curl ${options.join(' ')} -H "Authorization: Bearer $TOKEN"`];
  if (body) {
    lines.push(`  -H 'Content-Type: ${JSON_TYPE}' -d '${body.replaceAll("'", "'\\''")}'`);
  }
  lines.push(`  '${url}'`);
  return lines.join(' \\\n');
}

function python({ method, url, body, type }) {
  const stream = type === EVENTS ? ', stream=True' : '';
  const timeout = stream ? '(10, None)' : '30';
  const lines = [
    'import os',
    '',
    'import requests',
    '',
    `response = requests.request("${method}", "${url}",`,
    '    headers={"Authorization": f"Bearer {os.environ[\'TOKEN\']}"' + (body ? `, "Content-Type": "${JSON_TYPE}"},` : '},'),
  ];
  if (body) {
    lines.push(`    data=${JSON.stringify(body)},`);
  }
  lines.push(`    timeout=${timeout}${stream})`, 'response.raise_for_status()');
  if (stream) {
    lines.push('for line in response.iter_lines(decode_unicode=True):', '    print(line)');
  } else if (type === JSON_TYPE) {
    lines.push('print(response.json())');
  } else if (type && !isText(type)) {
    lines.push('with open("download", "wb") as file:', '    file.write(response.content)');
  } else {
    lines.push(type ? 'print(response.text)' : 'print(response.status_code)');
  }
  return lines.join('\n');
}

function typescript({ method, url, body, type }) {
  const lines = [`const response = await fetch("${url}", {`];
  if (method !== 'GET') {
    lines.push(`  method: "${method}",`);
  }
  lines.push('  headers: { Authorization: `Bearer ${process.env.TOKEN}`' + (body ? `, "Content-Type": "${JSON_TYPE}" },` : ' },'));
  if (body) {
    lines.push(`  body: ${JSON.stringify(body)},`);
  }
  lines.push('});', 'if (!response.ok) throw new Error(await response.text());');
  if (type === EVENTS) {
    lines.push('for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {', '  process.stdout.write(text);', '}');
  } else if (type === JSON_TYPE) {
    lines.push('console.log(await response.json());');
  } else if (type && !isText(type)) {
    lines.push('const file = await response.arrayBuffer();', 'console.log(file.byteLength);');
  } else {
    lines.push(type ? 'console.log(await response.text());' : 'console.log(response.status);');
  }
  return lines.join('\n');
}

function java({ method, url, body, type }) {
  const handler = type === EVENTS ? 'ofLines' : isText(type) ? 'ofString' : 'ofByteArray';
  const result = { ofLines: 'Stream<String>', ofString: 'String', ofByteArray: 'byte[]' }[handler];
  const publisher = body ? `BodyPublishers.ofString(${JSON.stringify(body)})` : 'BodyPublishers.noBody()';
  const lines = [
    `HttpRequest request = HttpRequest.newBuilder(URI.create("${url}"))`,
    '        .header("Authorization", "Bearer " + System.getenv("TOKEN"))',
  ];
  if (body) {
    lines.push(`        .header("Content-Type", "${JSON_TYPE}")`);
  }
  lines.push(`        .method("${method}", ${publisher})`, '        .build();');
  lines.push(
    'try (HttpClient client = HttpClient.newHttpClient()) {',
    `    HttpResponse<${result}> response = client.send(request, BodyHandlers.${handler}());`,
    '    System.out.println(response.statusCode());',
    {
      ofLines: '    response.body().forEach(System.out::println);',
      ofString: '    System.out.println(response.body());',
      ofByteArray: '    Files.write(Path.of("download"), response.body());',
    }[handler],
    '}',
  );
  return lines.join('\n');
}
