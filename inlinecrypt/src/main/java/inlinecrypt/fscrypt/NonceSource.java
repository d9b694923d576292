package inlinecrypt.fscrypt;

import java.security.SecureRandom;

/**
 * Where new nonces come from. A source never repeats itself, not even across mounts: with equal
 * nonces two extents would have equal keys. The simulator hands in a seeded one.
 */
@FunctionalInterface
public interface NonceSource {
  Nonce next();

  /** Nonces from the platform's secure random numbers. */
  static NonceSource secureRandom() {
    SecureRandom random = new SecureRandom();
    return () -> new Nonce(random.nextLong(), random.nextLong());
  }
}
