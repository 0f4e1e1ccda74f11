export type { Card, CardButton, CardEntry, CardField, CardLink, Severity } from '../channels/card';
export { cardTemplateSchema, templateSchema } from './document';
export type { CardTemplate, TemplateDocument, TemplateDocumentInput } from './document';
export { parseTemplate, validateTemplate } from './validate';
export type { TemplateCheck, TemplateIssue } from './validate';
export { renderCard, renderDelivery, renderer } from './render';
export type {
	CardOptions,
	CardRendered,
	Channels,
	Rendered,
	RenderFailure,
	RenderFailureCode,
	RenderOptions,
} from './rendered';
export { templateContext } from './context/index';
export type { ContextOptions, SystemInfo } from './context/index';
export type { MissingPolicy } from './engine/state';
export { labels, labelsFor, labelOf } from './labels';
export type { Labels } from './labels';
export { severityOf } from './severity';
export { shippedTemplates } from './shipped/index';
