package inlinecrypt.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class Poly1305Test {
  private static final BigInteger P = BigInteger.TWO.pow(130).subtract(BigInteger.valueOf(5));
  private static final BigInteger CLAMP = new BigInteger("0ffffffc0ffffffc0ffffffc0fffffff", 16);

  static IntStream seeds() {
    return IntStream.range(0, 50);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void itIsThePolynomialModuloP(int seed) {
    Random random = new Random(seed);
    byte[] key = new byte[16];
    byte[] message = new byte[16 * random.nextInt(70)];
    random.nextBytes(key);
    random.nextBytes(message);
    assertThat(hash(key, message)).isEqualTo(model(key, message));
  }

  /** With r = 1 two blocks of ones sum up to 2^130 - 2, which is p + 3; less 3, 4 or 2 of that. */
  @ParameterizedTest
  @ValueSource(ints = {0xff, 0xfc, 0xfb, 0xfd})
  void sumsAroundPAreReduced(int lowestByte) {
    byte[] one = new byte[16];
    one[0] = 1;
    byte[] message = new byte[32];
    Arrays.fill(message, (byte) 0xff);
    message[16] = (byte) lowestByte;
    assertThat(hash(one, message)).isEqualTo(model(one, message));
  }

  @Test
  void theLargestKeyAndMessageStayInTheirLimbs() {
    byte[] key = new byte[16];
    byte[] message = new byte[4096];
    Arrays.fill(key, (byte) 0xff);
    Arrays.fill(message, (byte) 0xff);
    assertThat(hash(key, message)).isEqualTo(model(key, message));
  }

  private static String hash(byte[] key, byte[] message) {
    Poly1305 poly1305 = new Poly1305(key, 0);
    poly1305.reset();
    for (int at = 0; at < message.length; at += 16) {
      poly1305.update(message, at);
    }
    byte[] result = new byte[16];
    Bytes.putLittleEndian(result, 0, poly1305.low());
    Bytes.putLittleEndian(result, 8, poly1305.high());
    return HexFormat.of().formatHex(result);
  }

  private static String model(byte[] key, byte[] message) {
    BigInteger r = number(key, 0).and(CLAMP);
    BigInteger a = BigInteger.ZERO;
    for (int at = 0; at < message.length; at += 16) {
      a = a.add(number(message, at)).add(BigInteger.TWO.pow(128)).multiply(r).mod(P);
    }
    byte[] result = new byte[16];
    for (int i = 0; i < 16; i++) {
      result[i] = a.shiftRight(8 * i).byteValue();
    }
    return HexFormat.of().formatHex(result);
  }

  private static BigInteger number(byte[] bytes, int at) {
    BigInteger number = BigInteger.ZERO;
    for (int i = 15; i >= 0; i--) {
      number = number.shiftLeft(8).or(BigInteger.valueOf(bytes[at + i] & 0xff));
    }
    return number;
  }
}
