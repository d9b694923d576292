package blockdev.preset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import blockdev.sim.CryptoTiming;
import blockdev.sim.MediaTiming;
import inlinecrypt.CryptoMode;
import inlinecrypt.KeyType;
import inlinecrypt.keyslot.CryptoProfile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PresetTest {
  /** The rows of workloads-and-hardware.md §9, as they are written there. */
  @ParameterizedTest
  @CsvSource({
    "ideal,              65534,    0,    0, 128, 0x1FE00",
    "ufs-std-32,            32,    3,    3,  64, 0x1FE00",
    "ufs-256,              256,    3,    3,  64, 0x1FE00",
    "ufs-ice-32,            32,   15,   10,  64, 0x1FE00",
    "ufs-ice-wrapped-32,    32,  100,   10,  64, 0x1FE00",
    "ufs-mtk-32,            32,    3,    3,  64, 0x1FE00",
    "emmc-cqhci-32,         32,    5,    5,  32, 0x1FE00",
    "exynos-fmp,             0,    0,    0, 128, 0x1000",
    "exynos-slots-15,       15,    5,    5, 128, 0x1000",
    "exynosauto-4vm,         8,    5,    5, 128, 0x1000",
    "pixel-kdn-15,          15,  150,   50,  64, 0x1000",
    "dpu-mlx5-1024,       1024,  300,  100, 128, 0x1200",
    "slots-64,              64,   15,   10,  64, 0x1FE00",
    "worst-1,                1, 1000, 1000,  64, 0x1000",
  })
  void aDeviceIsAsItsRowSays(
      String name, int slots, long programUs, long evictUs, int dunBits, String sizes) {
    DevicePreset device = DevicePreset.named(name);
    CryptoProfile profile = device.profile();
    assertThat(profile.slotCount()).isEqualTo(slots);
    assertThat(profile.maxDunBytes()).isEqualTo(dunBits / 8);
    assertThat(profile.dataUnitSizeMask(CryptoMode.AES_256_XTS)).isEqualTo(Integer.decode(sizes));
    assertThat(device.timing().programNs()).isEqualTo(programUs * 1000);
    assertThat(device.timing().evictNs()).isEqualTo(evictUs * 1000);
  }

  @ParameterizedTest
  @CsvSource({"fallback-100, 100", "fallback-1, 1", "fallback, 100", "software, 100"})
  void whereTheHostEncryptsTheDeviceCannot(String name, int hostKeyslots) {
    DevicePreset device = DevicePreset.named(name);
    assertThat(device.encrypts()).isFalse();
    assertThat(device.profile().hasModes()).isFalse();
    assertThat(device.hostKeyslots()).isEqualTo(hostKeyslots);
  }

  @Test
  void wrappedKeysExcludeRawOnes() {
    DevicePreset device = DevicePreset.named("ufs-ice-wrapped-16");
    assertThat(device.profile().takes(KeyType.HARDWARE_WRAPPED)).isTrue();
    assertThat(device.profile().takes(KeyType.RAW)).isFalse();
    assertThat(device.timing())
        .extracting(CryptoTiming::deriveNs, CryptoTiming::prepareNs)
        .containsExactly(100_000L, 200_000L);
  }

  @Test
  void namesAreKeptAndAnAliasIsSpelledOut() {
    for (DevicePreset device : DevicePreset.all()) {
      DevicePreset again = DevicePreset.named(device.name());
      assertThat(again.name()).isEqualTo(device.name());
      assertThat(again.figures().all()).isEqualTo(device.figures().all());
    }
    assertThat(DevicePreset.named("ufs").name()).isEqualTo("ufs-std-32");
    assertThat(DevicePreset.named("ufs-ice").name()).isEqualTo(DevicePreset.DEFAULT);
    assertThat(DevicePreset.named("ufs-ice-16", 8).name()).isEqualTo("ufs-ice-8");
  }

  @ParameterizedTest
  @CsvSource({
    "ufs-ice-0, 'keyslots must be from 1 to 65535, are 0'",
    "ufs-257, 'keyslots must be from 1 to 256, are 257'",
    "ideal-7, ideal has no keyslots to count",
    "exynos-fmp-4, exynos-fmp has no keyslots to count",
    "floppy, 'no device floppy; there are ideal, ufs-std[-N], '",
    "'', 'no device ; there are '",
  })
  void noOtherDeviceIsThere(String name, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DevicePreset.named(name))
        .withMessageStartingWith(message);
  }

  @Test
  void noOtherMediumIsThere() {
    assertThat(MediaPreset.names())
        .containsExactly(
            "emmc51",
            "ufs21",
            "ufs30",
            "ufs31",
            "ufs40",
            "optane",
            "null",
            "tlc-970pro",
            "zns-zn540",
            "zns-proto",
            "femu",
            "simple");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MediaPreset.named("tape"))
        .withMessageStartingWith("no medium tape; there are emmc51, ");
  }

  @Test
  void everyFigureSaysWhereItComesFrom() {
    for (DevicePreset device : DevicePreset.all()) {
      assertThat(device.figures().all())
          .as(device.name())
          .isNotEmpty()
          .allMatch(figure -> !figure.source().isBlank() && figure.least() <= figure.most());
    }
    for (MediaPreset medium : MediaPreset.all()) {
      assertThat(medium.figures().all())
          .as(medium.name())
          .isNotEmpty()
          .allMatch(figure -> !figure.source().isBlank() && figure.least() <= figure.most());
    }
  }

  @Test
  void whatNobodyPublishesSaysAssumed() {
    List<String> measuredNowhere =
        List.of("ufs-std", "ufs-ice", "ufs-mtk", "emmc-cqhci", "pixel-kdn", "dpu-mlx5", "slots");
    for (String name : measuredNowhere) {
      assertThat(DevicePreset.named(name).figures().get(Parameter.PROGRAM))
          .extracting(Figure::mark)
          .as(name)
          .isEqualTo(Mark.ASSUMED);
    }
  }

  /** Columns: random read and write in 1000/s, sequential read and write in MB/s, of §10. */
  @ParameterizedTest
  @CsvSource({
    "emmc51, 11, 13, 250, 125",
    "ufs21, 42, 40, 860, 255",
    "ufs30, 63, 68, 2100, 410",
    "ufs31, 100, 70, 2100, 1200",
    "ufs40, 200, 150, 4200, 2800",
    "optane, 550, 500, 2500, 2200",
  })
  void eachPublishedNumberOfAMediumHasItsOneCause(
      String name, double readKiops, double writeKiops, double readMb, double writeMb) {
    MediaTiming timing = MediaPreset.named(name).timing();
    assertThat(1e6 / timing.readCommandNs()).isCloseTo(readKiops, within(readKiops / 100));
    assertThat(1e6 / timing.writeCommandNs()).isCloseTo(writeKiops, within(writeKiops / 100));
    assertThat(timing.readLinkBytesPerSecond() / 1e6).isEqualTo(readMb);
    double programMb = timing.dies() * 4096e3 / timing.dieProgramNs();
    double linkMb = timing.writeLinkBytesPerSecond() / 1e6;
    assertThat(Math.min(programMb, linkMb)).isCloseTo(writeMb, within(writeMb / 100));
  }

  @Test
  void aDieOfThe970ProProgramsEightPagesAtOnce() {
    assertThat(MediaPreset.named("tlc-970pro").timing().dieProgramNs()).isEqualTo(185_000 / 8);
  }

  @Test
  void valuesAreShownInAHandyUnit() {
    assertThat(Unit.NANOSECONDS.text(35_760)).isEqualTo("35.76 us");
    assertThat(Unit.NANOSECONDS.text(15_000)).isEqualTo("15 us");
    assertThat(Unit.NANOSECONDS.text(1_000_000)).isEqualTo("1 ms");
    assertThat(Unit.NANOSECONDS.text(3_000_000_000L)).isEqualTo("3 s");
    assertThat(Unit.NANOSECONDS.text(0)).isEqualTo("0 us");
    assertThat(Unit.BYTE_SIZES.text(512 + 4096)).isEqualTo("512 4096 bytes");
    assertThat(Unit.BYTES_PER_SECOND.text(2_100_000_000L)).isEqualTo("2100 MB/s");
    assertThat(Unit.COUNT.text(32)).isEqualTo("32");
    assertThat(Unit.BITS.text(64)).isEqualTo("64 bits");
  }
}
