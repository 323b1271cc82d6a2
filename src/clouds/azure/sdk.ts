/**
 * The Azure SDKs, loaded at the first call: half a second of work and 40 MB that a gateway without Azure, and one
 * that starts, can do without. A module is loaded once, however often it is asked for.
 */
export async function loadAzureSdk() {
  const [{ ClientSecretCredential }, { SubscriptionClient }] = await Promise.all([
    import('@azure/identity'),
    import('@azure/arm-resources-subscriptions'),
  ]);
  return { ClientSecretCredential, SubscriptionClient };
}

export type AzureSdk = Awaited<ReturnType<typeof loadAzureSdk>>;

/** Evaluating the modules holds everything up: the browser gets its redirect before, and then has a person to wait for. */
const preloadMillis = 250;

/** Loads them soon, in the background, as a listing is about to come; that says so if it cannot be done. */
export function preloadAzureSdk(): void {
  setTimeout(() => void loadAzureSdk().catch(() => {}), preloadMillis).unref();
}
