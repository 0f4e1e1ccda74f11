/** Status callbacks and replies name a message by the provider's own id. */
export const providerIds = (): string[] => [
	`create index deliveries_provider on deliveries (provider_message_id)
		where provider_message_id is not null`,
];
