/** WeCom's names of the cipher that three channels share. */
export {
	verifyWxSignature as verifyWecomSignature,
	wxDecrypt as wecomDecrypt,
	wxEncrypt as wecomEncrypt,
	wxSignature as wecomSignature,
} from '../wx-crypto';
