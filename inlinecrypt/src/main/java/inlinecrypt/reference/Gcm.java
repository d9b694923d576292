package inlinecrypt.reference;

import java.security.MessageDigest;
import java.util.Arrays;

/** GCM from NIST SP 800-38D, section 7, with IVs of 96 bits and tags of 128. */
final class Gcm implements AeadTransform {
  private static final int BLOCK_BYTES = BlockCipher.BLOCK_BYTES;
  private static final int IV_BYTES = 12;

  private final Aes cipher;
  private final Ghash ghash;
  private final byte[] counter = new byte[BLOCK_BYTES];
  private final byte[] block = new byte[BLOCK_BYTES];
  private final byte[] expectedTag = new byte[BLOCK_BYTES];

  Gcm(Aes cipher) {
    this.cipher = cipher;
    cipher.encrypt(block); // H = CIPH(0), 7.1 step 1
    ghash = new Ghash(block);
  }

  /** Algorithm 4, 7.1. */
  @Override
  public void seal(
      byte[] nonce,
      byte[] associatedData,
      int associatedBytes,
      byte[] data,
      int lengthBytes,
      byte[] tag) {
    gctr(nonce, data, lengthBytes);
    computeTag(nonce, associatedData, associatedBytes, data, lengthBytes, tag);
  }

  /** Algorithm 5, 7.2; decrypts only what is authentic. */
  @Override
  public boolean open(
      byte[] nonce,
      byte[] associatedData,
      int associatedBytes,
      byte[] data,
      int lengthBytes,
      byte[] tag) {
    computeTag(nonce, associatedData, associatedBytes, data, lengthBytes, expectedTag);
    if (!MessageDigest.isEqual(expectedTag, tag)) {
      return false;
    }
    gctr(nonce, data, lengthBytes);
    return true;
  }

  @Override
  public void wipe() {
    cipher.wipe();
    ghash.wipe();
    Arrays.fill(counter, (byte) 0);
    Arrays.fill(block, (byte) 0);
    Arrays.fill(expectedTag, (byte) 0);
  }

  /** GCTR, 6.5, from inc32(J0) on: the counter is the last 32 bits, big-endian. */
  private void gctr(byte[] nonce, byte[] data, int lengthBytes) {
    for (int at = 0; at < lengthBytes; at += BLOCK_BYTES) {
      encryptCounter(nonce, 2 + at / BLOCK_BYTES);
      for (int i = 0; i < BLOCK_BYTES && at + i < lengthBytes; i++) {
        data[at + i] ^= counter[i];
      }
    }
  }

  /** S = GHASH(A, padded; C, padded; [len(A)]64; [len(C)]64), T = GCTR(J0, S): steps 5 and 6. */
  private void computeTag(
      byte[] nonce,
      byte[] associatedData,
      int associatedBytes,
      byte[] ciphertext,
      int lengthBytes,
      byte[] tag) {
    ghash.reset();
    ghash.updatePadded(associatedData, associatedBytes);
    ghash.updatePadded(ciphertext, lengthBytes);
    ghash.update(8L * associatedBytes, 8L * lengthBytes);
    ghash.digest(block);
    encryptCounter(nonce, 1); // J0
    for (int i = 0; i < BLOCK_BYTES; i++) {
      tag[i] = (byte) (block[i] ^ counter[i]);
    }
  }

  private void encryptCounter(byte[] nonce, int count) {
    System.arraycopy(nonce, 0, counter, 0, IV_BYTES);
    for (int i = 0; i < 4; i++) {
      counter[IV_BYTES + i] = (byte) (count >> 24 - 8 * i);
    }
    cipher.encrypt(counter);
  }
}
