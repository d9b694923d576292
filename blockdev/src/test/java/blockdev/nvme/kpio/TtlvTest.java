package blockdev.nvme.kpio;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TtlvTest {
  // The examples of KMIP 2.1, section "TTLV": tag 420020 in each type.
  private static final String INTEGER_8 = "4200200200000004" + "0000000800000000";
  private static final String ENUMERATION_255 = "4200200500000004" + "000000FF00000000";
  private static final String TEXT_HELLO_WORLD =
      "420020070000000B" + "48656C6C6F20576F726C640000000000";
  private static final String BYTES_1_2_3 = "4200200800000003" + "0102030000000000";
  private static final String STRUCTURE =
      "4200200100000020"
          + "4200040500000004000000FE00000000"
          + "420005020000000400"
          + "0000FF00000000";

  @Test
  void itemsAreReadAsTheStandardWritesThem() {
    assertThat(read(INTEGER_8).asNumber()).isEqualTo(8);
    assertThat(read(ENUMERATION_255).asNumber()).isEqualTo(255);
    assertThat(read(TEXT_HELLO_WORLD).asText()).isEqualTo("Hello World");
    assertThat(read(BYTES_1_2_3).value().byteSize()).isEqualTo(3);
    Ttlv structure = read(STRUCTURE);
    assertThat(structure.items()).hasSize(2);
    assertThat(structure.enumeration(0x420004)).isEqualTo(254);
    assertThat(structure.integer(0x420005, 0)).isEqualTo(255);
  }

  @Test
  void itemsAreWrittenAsTheStandardWritesThem() {
    byte[] target = new byte[256];
    TtlvWriter writer = new TtlvWriter(MemorySegment.ofArray(target));
    writer.integer(0x420020, 8);
    writer.enumeration(0x420020, 255);
    writer.text(0x420020, "Hello World");
    writer.byteString(0x420020, new byte[] {1, 2, 3});
    writer.begin(0x420020);
    writer.enumeration(0x420004, 254);
    writer.integer(0x420005, 255);
    writer.end();
    assertThat(HexFormat.of().withUpperCase().formatHex(target, 0, writer.bytes()))
        .isEqualTo(INTEGER_8 + ENUMERATION_255 + TEXT_HELLO_WORLD + BYTES_1_2_3 + STRUCTURE);
  }

  @Test
  void whatIsCutOffIsNoItem() {
    byte[] whole = hex(STRUCTURE);
    for (int length = 0; length < whole.length; length++) {
      assertThat(Ttlv.read(MemorySegment.ofArray(whole).asSlice(0, length)))
          .as("%d bytes", length)
          .isNull();
    }
  }

  @Test
  void whatFollowsAnItemMakesItNone() {
    assertThat(Ttlv.read(MemorySegment.ofArray(hex(INTEGER_8 + INTEGER_8)))).isNull();
    assertThat(Ttlv.read(MemorySegment.ofArray(hex(INTEGER_8 + "00")))).isNull();
  }

  @Test
  void aLengthThatATypeCannotHaveIsRefused() {
    assertThat(readOrNull("4200200200000008" + "0000000000000008")).as("integer of 8").isNull();
    assertThat(readOrNull("4200200300000004" + "0000000000000008")).as("long of 4").isNull();
    assertThat(readOrNull("4200200200000000")).as("integer of 0").isNull();
    assertThat(readOrNull("42002001FFFFFFF8")).as("structure of 4 GiB").isNull();
    assertThat(readOrNull("42002008FFFFFFFF")).as("bytes of 4 GiB").isNull();
    assertThat(readOrNull("42002042" + "00000000")).as("type 42h").isNull();
  }

  @Test
  void aStructureInAStructureWithoutEndIsRefused() {
    StringBuilder nested = new StringBuilder();
    for (int depth = 1000; depth >= 0; depth--) {
      nested.append(String.format("42002001%08X", depth * 8));
    }
    assertThat(readOrNull(nested.toString())).isNull();
  }

  @Test
  void anyBytesAreReadOrRefused() {
    SplittableRandom random = new SplittableRandom(7);
    byte[] whole = hex(STRUCTURE);
    int read = 0;
    int rounds = 20_000;
    for (int round = 0; round < rounds; round++) {
      byte[] changed = whole.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      }
      Ttlv item = Ttlv.read(MemorySegment.ofArray(changed));
      if (item != null) {
        read++;
        item.enumeration(0x420004);
        item.integer(0x420005, 0);
        item.text(0x420004);
      }
    }
    assertThat(read).isBetween(1, rounds - 1);
  }

  private static Ttlv read(String digits) {
    return Objects.requireNonNull(readOrNull(digits), digits);
  }

  private static @Nullable Ttlv readOrNull(String digits) {
    return Ttlv.read(MemorySegment.ofArray(hex(digits)));
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }
}
