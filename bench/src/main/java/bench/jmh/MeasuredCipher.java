package bench.jmh;

import java.lang.foreign.MemorySegment;

/** A keyed cipher that is measured; several threads may each work on a run of their own. */
interface MeasuredCipher extends AutoCloseable {
  /** Memory of one thread, which stays in the cache, with random plaintext in it. */
  interface Run {
    /** Encrypts the plaintext, all of it. */
    void encrypt();

    /** Decrypts as many bytes. */
    void decrypt();

    /** What {@link #encrypt} makes of the plaintext, tags included, from a fresh run. */
    MemorySegment ciphertext();

    /**
     * Whether what {@link #encrypt} makes can be undone, and of an authenticated mode only that.
     */
    boolean comesBack();
  }

  /** Makes the memory for one thread. */
  Run newRun();

  @Override
  void close();
}
