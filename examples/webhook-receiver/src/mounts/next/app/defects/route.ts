import { theHost } from "../../host.ts";

export async function POST(request: Request): Promise<Response> {
  const { status, body } = await theHost().reportDefect(await request.json());
  return Response.json(body, { status });
}
