/*
 * The speed that C reaches with libcrypto over 64 KiB: AES-256-XTS, ChaCha20 and Poly1305, per data
 * unit one call that sets the IV and one that transforms. Prints one line per data unit size, the
 * best of three slices in bytes per second:
 *
 *   <bytes> <XTS encryption> <XTS decryption> <ChaCha20> <Poly1305>
 *
 * Usage: libcrypto-loop SLICE_SECONDS SIZE...
 *
 * The functions are declared here because the library is often there without its headers.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct evp_cipher_st EVP_CIPHER;
typedef struct evp_cipher_ctx_st EVP_CIPHER_CTX;

EVP_CIPHER *EVP_CIPHER_fetch(void *ctx, const char *algorithm, const char *properties);
EVP_CIPHER_CTX *EVP_CIPHER_CTX_new(void);
int EVP_CipherInit_ex(EVP_CIPHER_CTX *ctx, const EVP_CIPHER *type, void *impl,
                      const unsigned char *key, const unsigned char *iv, int enc);
int EVP_CipherUpdate(EVP_CIPHER_CTX *ctx, unsigned char *out, int *outl,
                     const unsigned char *in, int inl);

typedef struct evp_mac_st EVP_MAC;
typedef struct evp_mac_ctx_st EVP_MAC_CTX;

EVP_MAC *EVP_MAC_fetch(void *ctx, const char *algorithm, const char *properties);
EVP_MAC_CTX *EVP_MAC_CTX_new(EVP_MAC *mac);
int EVP_MAC_init(EVP_MAC_CTX *ctx, const unsigned char *key, size_t keylen, const void *params);
int EVP_MAC_update(EVP_MAC_CTX *ctx, const unsigned char *data, size_t datalen);
int EVP_MAC_final(EVP_MAC_CTX *ctx, unsigned char *out, size_t *outl, size_t outsize);

enum { RUN_BYTES = 65536, KEY_BYTES = 64, IV_BYTES = 16, SLICES = 3 };

static unsigned char source[RUN_BYTES] __attribute__((aligned(4096)));
static unsigned char target[RUN_BYTES] __attribute__((aligned(4096)));

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void run(EVP_CIPHER_CTX *ctx, uint64_t dun, int unit_bytes)
{
	for (int at = 0; at < RUN_BYTES; at += unit_bytes, dun++) {
		unsigned char iv[IV_BYTES] = { 0 };
		int written;

		memcpy(iv, &dun, sizeof(dun)); /* little-endian machines only */
		if (EVP_CipherInit_ex(ctx, NULL, NULL, NULL, iv, -1) != 1 ||
		    EVP_CipherUpdate(ctx, target + at, &written, source + at, unit_bytes) != 1)
			exit(1);
	}
}

static void mac_run(EVP_MAC_CTX *ctx, int unit_bytes)
{
	static const unsigned char key[32] = { 1 };
	unsigned char tag[16];
	size_t written;

	for (int at = 0; at < RUN_BYTES; at += unit_bytes)
		if (EVP_MAC_init(ctx, key, sizeof(key), NULL) != 1 ||
		    EVP_MAC_update(ctx, source + at, unit_bytes) != 1 ||
		    EVP_MAC_final(ctx, tag, &written, sizeof(tag)) != 1)
			exit(1);
}

/* Either a cipher or a MAC. */
static double slice(EVP_CIPHER_CTX *ctx, EVP_MAC_CTX *mac, int unit_bytes, double seconds)
{
	uint64_t runs = 0;
	double start = now_s(), elapsed;

	do {
		for (int i = 0; i < 16; i++, runs++)
			if (mac)
				mac_run(mac, unit_bytes);
			else
				run(ctx, runs * (RUN_BYTES / unit_bytes), unit_bytes);
		elapsed = now_s() - start;
	} while (elapsed < seconds);
	return runs * RUN_BYTES / elapsed;
}

static double bytes_per_second(EVP_CIPHER_CTX *ctx, EVP_MAC_CTX *mac, int unit_bytes,
                               double seconds)
{
	double best = 0;

	for (int i = 0; i < SLICES; i++) {
		double speed = slice(ctx, mac, unit_bytes, seconds);

		best = speed > best ? speed : best;
	}
	return best;
}

static EVP_CIPHER_CTX *keyed(const char *name, const unsigned char *key, int enc)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, name, NULL);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();

	if (!cipher || !ctx || EVP_CipherInit_ex(ctx, cipher, NULL, key, NULL, enc) != 1)
		exit(1);
	return ctx;
}

int main(int argc, char **argv)
{
	unsigned char key[KEY_BYTES];
	double seconds = argc > 1 ? atof(argv[1]) : 1;

	for (int i = 0; i < KEY_BYTES; i++)
		key[i] = i;

	EVP_CIPHER_CTX *encrypt = keyed("AES-256-XTS", key, 1);
	EVP_CIPHER_CTX *decrypt = keyed("AES-256-XTS", key, 0);
	EVP_CIPHER_CTX *chacha = keyed("ChaCha20", key, 1);
	EVP_MAC *poly1305 = EVP_MAC_fetch(NULL, "POLY1305", NULL);
	EVP_MAC_CTX *mac = poly1305 ? EVP_MAC_CTX_new(poly1305) : NULL;

	if (!mac)
		return 1;
	slice(encrypt, NULL, 4096, seconds); /* warm up */
	for (int i = 2; i < argc; i++) {
		int unit_bytes = atoi(argv[i]);

		printf("%d %.0f", unit_bytes, bytes_per_second(encrypt, NULL, unit_bytes, seconds));
		printf(" %.0f", bytes_per_second(decrypt, NULL, unit_bytes, seconds));
		printf(" %.0f", bytes_per_second(chacha, NULL, unit_bytes, seconds));
		printf(" %.0f\n", bytes_per_second(NULL, mac, unit_bytes, seconds));
	}
	return 0;
}
