/** How deliveries leave: at once in the background, or one by one when a test says so. */
export type WebhookMode = "automatic" | "manual";
