// Package wechat is the gateway to api.weixin.qq.com: logins, phone numbers,
// subscribe messages, messages of the service account, mini-program codes, face
// verification, the check of contents, and the events that WeChat pushes. Nothing
// else in the program speaks to WeChat.
//
// # What is github.com/silenceper/wechat/v2 and what is ours
//
// Of the SDK (v2.1.10) this package uses the mini-program code
// (miniprogram/qrcode), its request context and its access-token interface
// (credential.AccessTokenContextHandle), which hands it a ticket for our token.
// Logins, phone numbers, subscribe messages and the token itself are written
// here, because in that version
//   - no method reacts to 40001, 40014 or 42001, and a refreshed token with
//     expires_in ≤ 300 or a Redis that is down fails every call;
//   - code2session pastes the code into the URL unescaped and the error text
//     carries the URL with the secret;
//   - getuserphonenumber cannot bind the code to the openid;
//   - subscribe/send has no context, and gives either the message id or a typed
//     error but not both;
//   - face verification 2.0 is missing.
//
// The SDK's root package is never imported: its init sets the level of the
// process-wide logrus logger. The SDK keeps one global HTTP client; sdk.go puts
// a transport there that hands each call to the Client that made it, so that
// all calls share one HTTP client, one scrubbing of secrets and one replay.
//
// # What never leaves
//
// session_key is dropped inside ExchangeCode. The secret, access tokens and
// login codes are removed from every error; openids, names, ID numbers and
// phone numbers are in no error and in no log line.
package wechat
