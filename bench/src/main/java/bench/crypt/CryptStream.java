package bench.crypt;

import inlinecrypt.engine.DataUnitCipher;
import inlinecrypt.fscrypt.IvScheme;
import inlinecrypt.fscrypt.NamePadding;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Takes a stream through a cipher, in data units, with as much memory as one of them or a mebibyte.
 *
 * @param dataUnitSizeBytes at least 16
 * @param paddingBytes what an incomplete last data unit is filled up to a multiple of, with zeros;
 *     a power of two, or the data unit size
 * @param firstIndex the index of the first data unit, unsigned
 */
public record CryptStream(
    DataUnitCipher cipher,
    IvScheme ivs,
    int dataUnitSizeBytes,
    int paddingBytes,
    long firstIndex,
    boolean decrypt) {
  /** No mode takes less than one block. */
  public static final int MIN_DATA_UNIT_BYTES = 16;

  private static final int BUFFER_BYTES = 1 << 20;

  /**
   * Transforms all of {@code in}.
   *
   * @throws IllegalArgumentException if the cipher does not take data units of that size, or the
   *     ciphertext to decrypt ends within a padded data unit
   */
  public void run(InputStream in, OutputStream out) throws IOException {
    DataUnitSequence units =
        new DataUnitSequence(cipher, ivs, dataUnitSizeBytes, firstIndex, decrypt);
    byte[] buffer = new byte[Math.max(1, BUFFER_BYTES / dataUnitSizeBytes) * dataUnitSizeBytes];
    try {
      int lengthBytes;
      do {
        lengthBytes = in.readNBytes(buffer, 0, buffer.length);
        int paddedBytes = pad(buffer, lengthBytes);
        units.transform(MemorySegment.ofArray(buffer).asSlice(0, paddedBytes));
        out.write(buffer, 0, paddedBytes);
      } while (lengthBytes == buffer.length);
    } finally {
      Arrays.fill(buffer, (byte) 0);
    }
    out.flush();
  }

  /** Fills up the last data unit of {@code lengthBytes} bytes; returns the length with padding. */
  private int pad(byte[] buffer, int lengthBytes) {
    int lastBytes = lengthBytes % dataUnitSizeBytes;
    if (lastBytes == 0) {
      return lengthBytes;
    }
    int paddedBytes = paddedBytes(lastBytes, dataUnitSizeBytes, paddingBytes);
    if (decrypt && paddedBytes != lastBytes) {
      throw new IllegalArgumentException(
          "the ciphertext ends after %d bytes of a data unit of %d"
              .formatted(lastBytes, paddedBytes));
    }
    int end = lengthBytes - lastBytes + paddedBytes;
    Arrays.fill(buffer, lengthBytes, end, (byte) 0);
    return end;
  }

  /** The length that an incomplete data unit is padded to. */
  static int paddedBytes(int lengthBytes, int dataUnitSizeBytes, int paddingBytes) {
    return paddingBytes == dataUnitSizeBytes
        ? dataUnitSizeBytes
        : NamePadding.paddedBytes(lengthBytes, paddingBytes, dataUnitSizeBytes);
  }
}
