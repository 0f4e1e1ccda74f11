// What expressions may give to the settings of the ITSM Trigger: no event is lost by them.
import { seed } from '../../fixtures/events/seed.ts';
import { post } from './post.ts';

it.each([
	['nothing', '={{ null }}', true],
	['nothing', '={{ undefined }}', true],
	['a number', '={{ 5 }}', true],
	['an object', '={{ ({ a: 1 }) }}', true],
	['text with its type', `={{ "ticket_created, ${seed.event_type}" }}`, true],
	['text with part of its type', `={{ "${seed.event_type}_by_mail" }}`, false],
	['a list without its type', '={{ ["ticket_closed"] }}', false],
])('event types given as %s (%s): taken %s', async (_name, eventTypes, taken) => {
	expect(await post({ parameters: { eventTypes } })).toMatchObject({ status: 200, starts: taken });
});

it('a base URL that is no text does not refuse the event', async () => {
	for (const baseUrl of ['={{ 5 }}', '={{ ["a"] }}', '={{ true }}'])
		expect(await post({ parameters: { options: { baseUrl } } })).toMatchObject({
			status: 200,
			starts: true,
		});
});
