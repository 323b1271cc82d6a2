/** Whether something that answers as this gateway does is at a URL: `GET /healthz`. False also for no answer. */
export async function isGatewayAt(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const response = await fetch(`${url}/healthz`, { redirect: 'manual', signal });
    return (await response.text()).slice(0, 100) === '{"status":"ok"}';
  } catch {
    return false;
  }
}
