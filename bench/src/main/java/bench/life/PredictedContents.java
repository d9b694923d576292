package bench.life;

import inlinecrypt.CryptoMode;
import inlinecrypt.engine.CipherEngine;
import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.fscrypt.IndependentDerivation;
import inlinecrypt.fscrypt.Nonce;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The ciphertext that contents must have, from master key, nonce and data unit number alone: the
 * key comes from Bouncy Castle's HKDF, the rest from the {@code reference} engine. Not thread-safe.
 */
public final class PredictedContents implements AutoCloseable {
  // HKDF contexts, as in Linux fs/crypto/fscrypt_private.h
  private static final int PER_FILE_KEY = 2;
  private static final int PER_EXTENT_KEY = 9;

  private static final int DATA_UNIT_BYTES = 4096;

  private final DataUnitCipher reference;

  /**
   * @param nonce of the inode or of the extent, whichever has the key
   * @param perInode whether inodes have the keys
   */
  public PredictedContents(byte[] masterKey, Nonce nonce, boolean perInode) {
    byte[] info = new byte[Nonce.SIZE_BYTES];
    nonce.write(info, 0);
    byte[] key =
        IndependentDerivation.derive(
            masterKey,
            perInode ? PER_FILE_KEY : PER_EXTENT_KEY,
            info,
            CryptoMode.AES_256_XTS.keyBytes());
    try {
      reference =
          CipherEngine.named("reference")
              .prepare(CryptoMode.AES_256_XTS, MemorySegment.ofArray(key));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Encrypts whole data units where they lie, the first of them number {@code dun}. */
  public void encrypt(long dun, MemorySegment contents) {
    reference.encrypt(dun, 0, 0, 0, DATA_UNIT_BYTES, contents, 0, contents, 0, contents.byteSize());
  }

  @Override
  public void close() {
    reference.close();
  }
}
