package inlinecrypt.engine;

import inlinecrypt.mode.BlockCipher;
import inlinecrypt.mode.Scratch;
import inlinecrypt.mode.UnitCipher;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** CBC of libcrypto: the data unit number is the IV, or that encrypted (ESSIV). */
final class OpenSslCbc implements UnitCipher {
  private static final int BLOCK_BYTES = 16;
  private static final ValueLayout.OfLong LITTLE_ENDIAN_LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final LibCryptoCipher encrypting;
  private final LibCryptoCipher decrypting;
  private final @Nullable BlockCipher ivCipher;
  private final Scratch iv = new Scratch(BLOCK_BYTES);

  /**
   * @param ivCipher encrypts each number; closed with this
   */
  OpenSslCbc(long cbc, MemorySegment key, @Nullable BlockCipher ivCipher) {
    encrypting = new LibCryptoCipher(cbc, key, true);
    decrypting = new LibCryptoCipher(cbc, key, false);
    this.ivCipher = ivCipher;
  }

  @Override
  public void encrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3) {
    transform(encrypting, unit, lengthBytes, iv0, iv1);
  }

  @Override
  public void decrypt(Scratch unit, int lengthBytes, long iv0, long iv1, long iv2, long iv3) {
    transform(decrypting, unit, lengthBytes, iv0, iv1);
  }

  @Override
  public void close() {
    encrypting.close();
    decrypting.close();
    iv.wipe();
    if (ivCipher != null) {
      ivCipher.close();
    }
  }

  private void transform(
      LibCryptoCipher cipher, Scratch unit, int lengthBytes, long iv0, long iv1) {
    if (ivCipher == null) {
      cipher.start(iv0, iv1);
    } else {
      MemorySegment bytes = iv.segment();
      bytes.set(LITTLE_ENDIAN_LONG, 0, iv0);
      bytes.set(LITTLE_ENDIAN_LONG, 8, iv1);
      ivCipher.encrypt(iv, BLOCK_BYTES);
      cipher.start(bytes.get(LITTLE_ENDIAN_LONG, 0), bytes.get(LITTLE_ENDIAN_LONG, 8));
    }
    cipher.transformInPlace(unit.segment(), lengthBytes);
  }
}
