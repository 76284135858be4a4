import { theHost } from "../../../host.ts";

export async function POST(request: Request, context: { params: Promise<{ endpoint: string }> }): Promise<Response> {
  const { endpoint } = await context.params;
  return theHost().webhooks.handle(request, { endpoint });
}
