package inlinecrypt.reference;

import java.security.MessageDigest;
import java.util.Arrays;

/** AES-256-GCM-SIV from RFC 8452, section 4 (encryption) and 5 (decryption). */
final class GcmSiv implements AeadTransform {
  private static final int BLOCK_BYTES = BlockCipher.BLOCK_BYTES;
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;

  private final Aes keyGenerating;
  private final Aes messageEncryption; // a new key for each nonce
  private final Polyval polyval = new Polyval(); // the same
  private final byte[] derived =
      new byte[BLOCK_BYTES + KEY_BYTES]; // both keys, one after the other
  private final byte[] block = new byte[BLOCK_BYTES];
  private final byte[] expectedTag = new byte[BLOCK_BYTES];

  GcmSiv(byte[] key) {
    keyGenerating = new Aes(key, 0, KEY_BYTES);
    messageEncryption = new Aes(derived, 0, KEY_BYTES);
  }

  @Override
  public void seal(
      byte[] nonce,
      byte[] associatedData,
      int associatedBytes,
      byte[] data,
      int lengthBytes,
      byte[] tag) {
    deriveKeys(nonce);
    computeTag(nonce, associatedData, associatedBytes, data, lengthBytes, tag);
    ctr(tag, data, lengthBytes);
  }

  @Override
  public boolean open(
      byte[] nonce,
      byte[] associatedData,
      int associatedBytes,
      byte[] data,
      int lengthBytes,
      byte[] tag) {
    deriveKeys(nonce);
    ctr(tag, data, lengthBytes);
    computeTag(nonce, associatedData, associatedBytes, data, lengthBytes, expectedTag);
    return MessageDigest.isEqual(expectedTag, tag);
  }

  @Override
  public void wipe() {
    keyGenerating.wipe();
    messageEncryption.wipe();
    polyval.wipe();
    Arrays.fill(derived, (byte) 0);
    Arrays.fill(block, (byte) 0);
    Arrays.fill(expectedTag, (byte) 0);
  }

  /** derive_keys: the first halves of E(0, nonce) to E(5, nonce), the count little-endian. */
  private void deriveKeys(byte[] nonce) {
    for (int i = 0; i < derived.length / 8; i++) {
      Arrays.fill(block, (byte) 0);
      block[0] = (byte) i;
      System.arraycopy(nonce, 0, block, 4, NONCE_BYTES);
      keyGenerating.encrypt(block);
      System.arraycopy(block, 0, derived, 8 * i, 8);
    }
    polyval.setKey(derived);
    messageEncryption.setKey(derived, BLOCK_BYTES);
  }

  /** POLYVAL of associated data, plaintext and their lengths, with the nonce; then encrypted. */
  private void computeTag(
      byte[] nonce,
      byte[] associatedData,
      int associatedBytes,
      byte[] plaintext,
      int lengthBytes,
      byte[] tag) {
    polyval.reset();
    polyval.updatePadded(associatedData, 0, associatedBytes);
    polyval.updatePadded(plaintext, 0, lengthBytes);
    Bytes.putLittleEndian(block, 0, 8L * associatedBytes);
    Bytes.putLittleEndian(block, 8, 8L * lengthBytes);
    polyval.update(block, 0);
    polyval.digest(tag);
    for (int i = 0; i < NONCE_BYTES; i++) {
      tag[i] ^= nonce[i];
    }
    tag[BLOCK_BYTES - 1] &= 0x7f;
    messageEncryption.encrypt(tag);
  }

  /** AES_CTR: from the tag with its highest bit set, the first four bytes counting up. */
  private void ctr(byte[] tag, byte[] data, int lengthBytes) {
    int start = XChaCha.word(tag, 0);
    for (int at = 0; at < lengthBytes; at += BLOCK_BYTES) {
      System.arraycopy(tag, 0, block, 0, BLOCK_BYTES);
      int count = start + at / BLOCK_BYTES;
      for (int i = 0; i < 4; i++) {
        block[i] = (byte) (count >> 8 * i);
      }
      block[BLOCK_BYTES - 1] |= (byte) 0x80;
      messageEncryption.encrypt(block);
      for (int i = 0; i < BLOCK_BYTES && at + i < lengthBytes; i++) {
        data[at + i] ^= block[i];
      }
    }
  }
}
