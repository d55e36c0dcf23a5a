/**
 * The OpenAPI 3.1 document of both protocols (P4-95), made from the schemas that judge requests and that clients read answers
 * with. The events socket and protocol 3's are not in it: OpenAPI has no word for them.
 */
import { errorAnswer, statusPhrases } from "@holdfast/protocol";
import {
  type Operation4,
  operations4,
  problemAnswer,
  problems4,
  PROBLEM_MEDIA_TYPE,
  PROTOCOL_4_BASE_PATH,
  signedRequestHeaders,
} from "@holdfast/protocol/protocol-4";
import { z } from "zod";
import { type Operation3, operations3 } from "./operations-3.ts";

type Json = Readonly<Record<string, unknown>>;

export function describeApi(): Json {
  const paths: Record<string, Record<string, Json>> = {};
  const add = (path: string, method: string, operation: Json): void => {
    paths[path] = { ...paths[path], [method]: operation };
  };
  for (const operation of operations3) {
    add(operation.path, operation.method, describeOperation3(operation));
  }
  for (const [name, operation] of Object.entries<Operation4>(operations4)) {
    const path = operation.path.replaceAll(/:([a-zA-Z]+)/g, "{$1}");
    const described = describeOperation4(name, operation);
    add(`${PROTOCOL_4_BASE_PATH}${path}`, operation.method.toLowerCase(), described);
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Holdfast",
      version: "4",
      description:
        "Hosting and syncing of wallets that the host cannot read. Protocol 3 is LBRY's; protocol 4 is Holdfast's own. Answers may gain fields; clients ignore those that they do not know.",
    },
    tags: [{ name: "protocol 3" }, { name: "protocol 4" }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "A session's token. For the message of a pairing: its claim.",
        },
      },
      schemas: { Problem: schemaOf(problemAnswer), Error3: schemaOf(errorAnswer) },
    },
  };
}

function describeOperation4(operationId: string, operation: Operation4): Json {
  const { access, summary, request, answers, query = [], path } = operation;
  const named = [...path.matchAll(/:([a-zA-Z]+)/g)].map(([, name]) => name);
  const parameters = [
    ...named.map((name) => parameter("path", name ?? "", { type: "string" })),
    ...query.map((name) => parameter("query", name, { type: "integer", minimum: 0 })),
    ...(access === "signed"
      ? Object.values(signedRequestHeaders).map((name) =>
          parameter("header", name, { type: "string" }),
        )
      : []),
  ];
  const successes = Object.entries(answers).map(([status, schema]) => [
    status,
    schema === null
      ? { description: "Nothing more to say" }
      : { description: summary, content: json(schemaOf(schema)) },
  ]);
  return {
    operationId,
    tags: ["protocol 4"],
    summary,
    ...(access === "public" ? {} : { security: [{ token: [] }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(request !== undefined && { requestBody: requestBody(request) }),
    responses: Object.fromEntries([...successes, ...describeProblems(operation)]),
  };
}

/** By status, since one status may have several codes. */
function describeProblems({ problems, request }: Operation4): [string, Json][] {
  const anywhere = ["malformed-request", "internal", "busy"] as const;
  const codes = [
    ...new Set([...problems, ...anywhere, ...(request ? (["too-large"] as const) : [])]),
  ];
  const statuses = [...new Set(codes.map((code) => problems4[code].status))];
  return statuses.map((status) => [
    String(status),
    {
      description: codes.filter((code) => problems4[code].status === status).join(", "),
      content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: "#/components/schemas/Problem" } } },
    },
  ]);
}

function describeOperation3(operation: Operation3): Json {
  const { operationId, summary, request, query = [], success, answer, refusals } = operation;
  const text = { "text/plain": { schema: { type: "string" } } };
  const refusal = { ...schemaRef("Error3") };
  return {
    operationId,
    tags: ["protocol 3"],
    summary,
    ...(query.length > 0 && {
      parameters: query.map((name) => parameter("query", name, { type: "string" })),
    }),
    ...(request !== undefined && { requestBody: requestBody(request) }),
    responses: {
      [success]: {
        description: summary,
        content: answer === "text" ? text : json(schemaOf(answer)),
      },
      ...Object.fromEntries(
        refusals.map((status) => [
          status,
          {
            description: statusPhrases[status as keyof typeof statusPhrases],
            content: answer === "text" ? text : json(refusal),
          },
        ]),
      ),
    },
  };
}

function parameter(place: string, name: string, schema: Json): Json {
  return { in: place, name, required: place !== "query", schema };
}

function requestBody(schema: z.ZodType): Json {
  return { required: true, content: json(schemaOf(schema)) };
}

function json(schema: Json): Json {
  return { "application/json": { schema } };
}

function schemaRef(name: string): Json {
  return { $ref: `#/components/schemas/${name}` };
}

/** As it travels: what a client sends, and what a host answers. */
function schemaOf(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input" });
  return rest;
}
