package inlinecrypt.fscrypt;

import org.bouncycastle.crypto.MultiBlockCipher;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The key derivation of v1 policies: the master key, encrypted block by block with AES-128 under
 * the nonce. The nonce is public, so whoever has one derived key has the master key.
 *
 * <p>Source: {@code derive_key_aes} in {@code fs/crypto/keysetup_v1.c}.
 */
public final class AesEcbDerivation {
  private AesEcbDerivation() {}

  /**
   * Fills {@code target} with the key of one inode.
   *
   * @param masterKey at least as long as {@code target}; the rest is ignored
   * @throws IllegalArgumentException if the master key is shorter, or {@code target} is not whole
   *     blocks of 16 bytes
   */
  public static void perFileKey(byte[] masterKey, Nonce nonce, byte[] target) {
    MultiBlockCipher aes = AESEngine.newInstance();
    int blockBytes = aes.getBlockSize();
    if (target.length % blockBytes != 0) {
      throw new IllegalArgumentException(
          "a v1 key has whole blocks of " + blockBytes + " bytes, not " + target.length);
    }
    if (masterKey.length < target.length) {
      throw new IllegalArgumentException(
          "a master key of "
              + masterKey.length
              + " bytes is too short for a key of "
              + target.length);
    }
    byte[] aesKey = new byte[Nonce.SIZE_BYTES];
    nonce.write(aesKey, 0);
    aes.init(true, new KeyParameter(aesKey));
    aes.processBlocks(masterKey, 0, target.length / blockBytes, target, 0);
  }
}
