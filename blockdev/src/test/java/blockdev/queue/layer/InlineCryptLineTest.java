package blockdev.queue.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import inlinecrypt.KeyType;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The line of a dm-inlinecrypt target, word by word. */
class InlineCryptLineTest {
  private static final String KEY = HexFormat.of().formatHex(Disks.rawKey(1));

  private final Disks disks = Disks.of(1);

  @AfterEach
  void close() {
    disks.close();
  }

  private InlineCryptTarget parse(String line) {
    return InlineCryptLine.parse(
        disks.simulation.blkCrypto(),
        line.replace("KEY", KEY),
        64,
        name -> name.equals("disk") ? disks.device(0) : null);
  }

  @Test
  void aLineWithoutOptionsHasSmallSectors() {
    try (InlineCryptTarget target = parse("aes-xts-plain64 KEY 0 disk 8")) {
      assertThat(target.sectors()).isEqualTo(64);
      assertThat(target.deviceSector(1)).isEqualTo(9);
      assertThat(target.config().dataUnitSizeBytes()).isEqualTo(512);
      assertThat(target.config().keyType()).isEqualTo(KeyType.RAW);
    }
  }

  @Test
  void optionsAreTaken() {
    try (InlineCryptTarget target =
        parse(
            " aes-xts-plain64  KEY 16 disk 0 4"
                + " allow_discards sector_size:4096 iv_large_sectors keytype:raw\n")) {
      assertThat(target.config().dataUnitSizeBytes()).isEqualTo(4096);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "aes-xts-plain64 KEY 0 disk|a line has cipher, key, iv_offset, device and start; this one"
            + " has 4 words",
        "aes-cbc-plain64 KEY 0 disk 0|cipher \"aes-cbc-plain64\" must be aes-xts-plain64",
        "aes-xts-plain64 KEY -1 disk 0|iv_offset \"-1\" must be a number of 64 bits",
        "aes-xts-plain64 KEY 0 tape 0|device \"tape\" is not there",
        "aes-xts-plain64 KEY 0 disk x|start \"x\" must be a number of 64 bits",
        "aes-xts-plain64 KEY 0 disk 0 2 iv_large_sectors|option count \"2\" must be 1",
        "aes-xts-plain64 KEY 0 disk 0 1 same_cpu_crypt|option \"same_cpu_crypt\" is unknown",
        "aes-xts-plain64 KEY 0 disk 0 1 sector_size:8192|sector_size \"8192\" must be 512 to 4096",
        "aes-xts-plain64 KEY 0 disk 0 1 sector_size:4096|sector_size \"4096\" needs"
            + " iv_large_sectors",
        "aes-xts-plain64 KEY 4 disk 0 2 sector_size:4096 iv_large_sectors|ivOffset must be a"
            + " multiple of 8 sectors, is 4",
        "aes-xts-plain64 abcd 0 disk 0|AES-256-XTS takes a key of 64 bytes, not 2",
      })
  void aWordThatCannotBeIsNamedWithItsValue(String line, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> parse(line)).withMessage(message);
  }

  @Test
  void aKeyIsNeverInTheMessage() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("aes-xts-plain64 " + KEY.substring(0, 127) + "z 0 disk 0"))
        .withMessage("key must be pairs of hexadecimal digits")
        .withNoCause();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parse("aes-xts-plain64 :64:logon:secret 0 disk 0"))
        .withMessage("key must be pairs of hexadecimal digits");
  }
}
