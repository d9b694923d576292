package inlinecrypt.engine;

import inlinecrypt.mode.BlockCipher;
import inlinecrypt.mode.Scratch;
import java.lang.foreign.MemorySegment;

/** A block cipher of libcrypto, block by block (ECB). */
final class OpenSslBlocks implements BlockCipher {
  private final MemorySegment key;
  private final LibCryptoCipher encrypting;
  private final LibCryptoCipher decrypting;

  /** Keeps a copy of {@code key} until closed. */
  OpenSslBlocks(long ecb, MemorySegment key) {
    this.key = LibCrypto.copyOf(key);
    encrypting = new LibCryptoCipher(ecb, this.key, true);
    decrypting = new LibCryptoCipher(ecb, this.key, false);
  }

  @Override
  public void encrypt(Scratch blocks, int lengthBytes) {
    encrypting.transformInPlace(blocks.segment(), lengthBytes);
  }

  @Override
  public void decrypt(Scratch blocks, int lengthBytes) {
    decrypting.transformInPlace(blocks.segment(), lengthBytes);
  }

  @Override
  public void rekeyEncryption(Scratch keys, int offset) {
    MemorySegment.copy(keys.segment(), offset, key, 0, key.byteSize());
    encrypting.rekey();
  }

  @Override
  public void close() {
    encrypting.close();
    decrypting.close();
    LibCrypto.wipeAndFree(key);
  }
}
