import type Provider from 'oidc-provider';
import { type Exchange, sendHtml } from './exchange.ts';
import { renderErrorPage } from './sign-in-page.ts';

/** Tells the identity provider who was chosen (in `login_hint`) and goes on; a page when the sign-in is over. */
export async function finishSignIn(
  exchange: Exchange,
  provider: Pick<Provider, 'interactionDetails' | 'interactionFinished'> | undefined,
): Promise<void> {
  const { request, response } = exchange;
  try {
    const interaction = await provider?.interactionDetails(request, response);
    const login = { accountId: String(interaction?.params.login_hint) };
    await provider?.interactionFinished(request, response, { login, consent: {} });
  } catch {
    sendHtml(exchange, 400, renderErrorPage('This sign-in is over, or has lost its cookie. Start it again.'));
  }
}
