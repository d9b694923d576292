package inlinecrypt;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DataUnitNumberTest {
  private static final BigInteger TWO_TO_256 = BigInteger.ONE.shiftLeft(256);

  @Test
  void aFullLimbCarriesIntoTheNext() {
    assertThat(DataUnitNumber.of(-1).plus(1)).isEqualTo(new DataUnitNumber(0, 1, 0, 0));
    assertThat(new DataUnitNumber(-2, 5, 0, 0).plus(3)).isEqualTo(new DataUnitNumber(1, 6, 0, 0));
    assertThat(new DataUnitNumber(-1, -1, -1, 7).plus(1)).isEqualTo(new DataUnitNumber(0, 0, 0, 8));
  }

  @Test
  void theLargestNumberIsFollowedByZero() {
    assertThat(new DataUnitNumber(-1, -1, -1, -1).plus(1)).isEqualTo(DataUnitNumber.of(0));
  }

  @Test
  void addingNothingChangesNothing() {
    DataUnitNumber number = new DataUnitNumber(-1, 2, 3, 4);
    assertThat(number.plus(0)).isEqualTo(number);
  }

  @Test
  void theCountOfUnitsIsUnsigned() {
    assertThat(DataUnitNumber.of(1).plus(-1)).isEqualTo(DataUnitNumber.of(1L << 32));
  }

  @Test
  void additionIsThatOf256BitNumbers() {
    Random random = new Random(256);
    for (int round = 0; round < 10_000; round++) {
      DataUnitNumber number =
          new DataUnitNumber(limb(random), limb(random), limb(random), limb(random));
      int units = (int) limb(random);
      BigInteger sum = value(number).add(BigInteger.valueOf(Integer.toUnsignedLong(units)));
      assertThat(value(number.plus(units))).isEqualTo(sum.mod(TWO_TO_256));
    }
  }

  /** Limbs near their limits, where carries are. */
  private static long limb(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> -1;
      case 2 -> -1 - random.nextInt(4);
      default -> random.nextLong();
    };
  }

  private static BigInteger value(DataUnitNumber number) {
    BigInteger value = BigInteger.ZERO;
    for (long limb : new long[] {number.limb3(), number.limb2(), number.limb1(), number.limb0()}) {
      value = value.shiftLeft(64).add(new BigInteger(Long.toUnsignedString(limb)));
    }
    return value;
  }
}
