package inlinecrypt.mode;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** NH as the paper on Adiantum writes it in appendix A, stride by stride, beside the rows. */
class NhHashTest {
  private static final int STRIDE_BYTES = 16;

  private final Random random = new Random(1);
  private final byte[] key = bytes(NhHash.KEY_BYTES);
  private final byte[] message = bytes(NhHash.CHUNK_BYTES);

  @Test
  void everyLengthHasTheSumOfItsOwnStridesWhateverWasHashedBefore() {
    NhHash nh = new NhHash();
    nh.key(key, 0);
    for (int step : new int[] {-STRIDE_BYTES, STRIDE_BYTES}) {
      int from = step < 0 ? NhHash.CHUNK_BYTES : STRIDE_BYTES;
      for (int length = from; length > 0 && length <= NhHash.CHUNK_BYTES; length += step) {
        long[] hash = new long[NhHash.HASH_WORDS];
        nh.hash(message, NhHash.CHUNK_BYTES - length, length, hash, 0);
        assertThat(hash).as("%d bytes", length).isEqualTo(expected(length));
      }
    }
  }

  /** Of the last bytes of the message. */
  private long[] expected(int lengthBytes) {
    long[] sums = new long[NhHash.HASH_WORDS];
    for (int pass = 0; pass < sums.length; pass++) {
      for (int at = 0; at < lengthBytes; at += STRIDE_BYTES) {
        int from = message.length - lengthBytes + at;
        int keyFrom = pass * STRIDE_BYTES + at;
        sums[pass] += sum(from, keyFrom) * sum(from + 8, keyFrom + 8);
        sums[pass] += sum(from + 4, keyFrom + 4) * sum(from + 12, keyFrom + 12);
      }
    }
    return sums;
  }

  /** A word of the message and one of the key, modulo 2^32. */
  private long sum(int at, int keyAt) {
    return Integer.toUnsignedLong(Words.intAt(message, at) + Words.intAt(key, keyAt));
  }

  private byte[] bytes(int lengthBytes) {
    byte[] bytes = new byte[lengthBytes];
    random.nextBytes(bytes);
    return bytes;
  }
}
