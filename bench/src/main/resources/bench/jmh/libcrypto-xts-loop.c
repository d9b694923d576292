/*
 * The speed that C reaches with libcrypto: AES-256-XTS over 64 KiB, per data unit one call that
 * sets the IV and one that transforms. Prints one line per data unit size, the best of three slices:
 *
 *   <bytes> <encrypted bytes per second> <decrypted bytes per second>
 *
 * Usage: libcrypto-xts-loop SLICE_SECONDS SIZE...
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

static double slice(EVP_CIPHER_CTX *ctx, int unit_bytes, double seconds)
{
	uint64_t runs = 0;
	double start = now_s(), elapsed;

	do {
		for (int i = 0; i < 16; i++)
			run(ctx, runs++ * (RUN_BYTES / unit_bytes), unit_bytes);
		elapsed = now_s() - start;
	} while (elapsed < seconds);
	return runs * RUN_BYTES / elapsed;
}

static double bytes_per_second(EVP_CIPHER_CTX *ctx, int unit_bytes, double seconds)
{
	double best = 0;

	for (int i = 0; i < SLICES; i++) {
		double speed = slice(ctx, unit_bytes, seconds);

		best = speed > best ? speed : best;
	}
	return best;
}

int main(int argc, char **argv)
{
	EVP_CIPHER *cipher = EVP_CIPHER_fetch(NULL, "AES-256-XTS", NULL);
	EVP_CIPHER_CTX *ctx[2];
	unsigned char key[KEY_BYTES];
	double seconds = argc > 1 ? atof(argv[1]) : 1;

	for (int i = 0; i < KEY_BYTES; i++)
		key[i] = i;
	for (int enc = 0; enc < 2; enc++) {
		ctx[enc] = EVP_CIPHER_CTX_new();
		if (!cipher || !ctx[enc] ||
		    EVP_CipherInit_ex(ctx[enc], cipher, NULL, key, NULL, enc) != 1)
			return 1;
		slice(ctx[enc], 4096, seconds); /* warm up */
	}
	for (int i = 2; i < argc; i++) {
		int unit_bytes = atoi(argv[i]);

		printf("%d %.0f ", unit_bytes, bytes_per_second(ctx[1], unit_bytes, seconds));
		printf("%.0f\n", bytes_per_second(ctx[0], unit_bytes, seconds));
	}
	return 0;
}
