package blockdev.nvme;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GuardCrcTest {
  @Test
  void theCheckValueIsThatOfT10Dif() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(guard(digits, 0, 9)).isEqualTo(0xD0DB);
  }

  @Test
  void ofNothingAndOfZeroesItIsZero() {
    assertThat(guard(new byte[4096], 0, 0)).isZero();
    assertThat(guard(new byte[4096], 0, 4096)).isZero();
  }

  @Test
  void ofAnyLengthAtAnyPlaceAndInPartsItIsWhatBitByBitDivisionGives() {
    Random random = new Random(8);
    byte[] bytes = new byte[5000];
    random.nextBytes(bytes);
    for (int i = 0; i < 300; i++) {
      int offset = random.nextInt(100);
      int length = i < 100 ? i : random.nextInt(4900);
      int expected = bitByBit(bytes, offset, length);
      assertThat(guard(bytes, offset, length))
          .as("%d bytes at %d", length, offset)
          .isEqualTo(expected);
      int front = random.nextInt(length + 1);
      MemorySegment segment = MemorySegment.ofArray(bytes);
      int inParts =
          GuardCrc.update(guard(bytes, offset, front), segment, offset + front, length - front);
      assertThat(inParts).as("%d bytes and %d", front, length - front).isEqualTo(expected);
    }
  }

  private static int guard(byte[] bytes, int offset, int length) {
    return GuardCrc.update(GuardCrc.INITIAL, MemorySegment.ofArray(bytes), offset, length);
  }

  private static int bitByBit(byte[] bytes, int offset, int length) {
    int remainder = 0;
    for (int i = offset; i < offset + length; i++) {
      for (int bit = 7; bit >= 0; bit--) {
        int in = bytes[i] >>> bit & 1;
        int out = remainder >>> 15;
        remainder = remainder << 1 & 0xFFFF;
        if (in != out) {
          remainder ^= 0x8BB7;
        }
      }
    }
    return remainder;
  }
}
