import fc from 'fast-check';

import {
	verifyWecomSignature,
	wecomDecrypt,
	wecomEncrypt,
	wecomSignature,
} from '../../../core/channels/wecom/crypto';

const codeOf = (run: () => unknown): unknown => {
	try {
		run();
	} catch (error) {
		return (error as { code?: unknown }).code;
	}
	return undefined;
};

describe('callback crypto', () => {
	const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C';
	const corp = 'wx5823bf96d3bd56c7';
	const random = Buffer.from('aaaabbbbccccdddd');
	const v2 = {
		signature: '5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3',
		timestamp: '1409659589',
		nonce: '263014780',
		encrypted:
			'P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==',
	};

	it('checks and reads the URL check (V2)', () => {
		expect(verifyWecomSignature(v2, 'QDG6eK')).toBe(true);
		expect(verifyWecomSignature(v2, 'other')).toBe(false);
		expect(verifyWecomSignature(v2, '')).toBe(false);
		expect(verifyWecomSignature({ ...v2, nonce: '1' }, 'QDG6eK')).toBe(false);
		expect(wecomDecrypt(aesKey, v2.encrypted, corp)).toEqual({
			message: '1616140317555161061',
			receiveId: corp,
		});
	});

	it('checks and reads a message (V3)', () => {
		const encrypted =
			'RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==';
		expect(wecomSignature('QDG6eK', '1409659813', '1372623149', encrypted)).toBe(
			'477715d11cdb4164915debcba66cb864d751f3e6',
		);
		expect(wecomDecrypt(aesKey, encrypted, corp).message).toContain(
			'<Content><![CDATA[hello]]></Content>',
		);
	});

	it('encrypts as published (V4) and as derived (V5)', () => {
		const v4 = wecomEncrypt(
			'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
			'我是中文abcd123',
			'wxb11529c136998cb6',
			random,
		);
		expect(v4).toBe(
			'jn1L23DB+6ELqJ+6bruv21Y6MD7KeIfP82D6gU39rmkgczbWwt5+3bnyg5K55bgVtVzd832WzZGMhkP72vVOfg==',
		);
		expect(wecomSignature('pamtest', '1409304348', 'xxxxxx', v4)).toBe(
			'82c962d39941aa48552f90ef55aa323dc620cc10',
		);
		const reply =
			'<xml><MsgType><![CDATA[update_button]]></MsgType><Button><ReplaceName><![CDATA[done]]></ReplaceName></Button></xml>';
		const v5 = wecomEncrypt(aesKey, reply, corp, random);
		expect(v5).toBe(
			'ZA4HuQypHxnRrA+A6SOHGFkTxktRTNstBM35CFNb1xY55musoKDhrHBW2rpNsm2osMWZX9BdX+jsZFqAl4EnfXG0jX40+6ldg7852g99A+84hYXDUh2+M3EmsfF3UqlSOPv//qJnMOFrABg/5dzDN/twNOzLCMqJaofkTv5J4sCBGz8X2JVAGfzBpYIrcmxzZp1F8yV8+wtDtxleoyOq2g==',
		);
		expect(wecomSignature('QDG6eK', '1409659813', '1372623149', v5)).toBe(
			'4226c229f3912b9a60f0b0b4dc8c93aa7b08dbc4',
		);
	});

	it('reads what it wrote, and nothing that is damaged or for another', () => {
		fc.assert(
			fc.property(fc.string({ unit: 'grapheme' }), (message) => {
				expect(
					wecomDecrypt(aesKey, wecomEncrypt(aesKey, message, corp, random), corp).message,
				).toBe(message);
			}),
		);
		expect(() => wecomDecrypt(aesKey, v2.encrypted, 'other')).toThrow();
		expect(() => wecomDecrypt(aesKey, v2.encrypted.slice(4), corp)).toThrow();
		expect(() => wecomDecrypt(aesKey, '', corp)).toThrow();
		expect(codeOf(() => wecomDecrypt('short', v2.encrypted))).toBe('invalid_credential');
	});
});
