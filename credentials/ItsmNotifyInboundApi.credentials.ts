import type { ICredentialType, Icon, INodeProperties } from 'n8n-workflow';

export class ItsmNotifyInboundApi implements ICredentialType {
	name = 'itsmNotifyInboundApi';

	displayName = 'ITSM Notify Inbound API';

	icon: Icon = { light: 'file:icons/inbound.svg', dark: 'file:icons/inbound.dark.svg' };

	documentationUrl =
		'https://github.com/n8n-nodes-itsm-notify/n8n-nodes-itsm-notify/blob/main/docs/sources.md';

	properties: INodeProperties[] = [
		{
			displayName: 'Header Name',
			name: 'headerName',
			type: 'string',
			default: 'X-ITSM-Token',
			description:
				'Used where the trigger authenticates by Header Token. With "Authorization", the value may begin with "Bearer".',
		},
		{
			displayName: 'Header Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description: 'The value that your ITSM sends in that header',
		},
		{
			displayName: 'User',
			name: 'user',
			type: 'string',
			default: '',
			description: 'Used where the trigger authenticates by Basic Auth',
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
		},
		{
			displayName: 'Signing Secret',
			name: 'signingSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			description:
				'Used where the trigger authenticates by Signature. During a change of secrets, give both, separated by a comma.',
		},
	];
}
