package blockdev.queue.layer;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.DeviceModel;
import blockdev.Simulation;
import blockdev.SimulationConfig;
import blockdev.fs.FileSystem;
import blockdev.fs.FormatOptions;
import blockdev.fs.StrategyKind;
import blockdev.media.MemoryMedium;
import blockdev.queue.BlockQueue;
import blockdev.queue.layer.StripedTarget.Stripe;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The README's example of layers: it compiles, it works, and it is what the README shows. */
class LayersReadmeTest {
  private static final Path SOURCE =
      Path.of("src/test/java/blockdev/queue/layer/LayersReadmeTest.java");

  @Test
  void theExampleMakesAnEncryptedVolumeOnTwoDevices() {
    String hexKey = HexFormat.of().formatHex(Disks.rawKey(1));
    try (MemoryMedium medium = new MemoryMedium(32 << 20);
        MemoryMedium secondMedium = new MemoryMedium(32 << 20);
        Simulation simulation = new Simulation(SimulationConfig.defaults(), medium)) {
      // README begin
      BlockQueue first = simulation.queue();
      BlockQueue second = simulation.attach(DeviceModel.ufs(8), secondMedium);
      List<Stripe> chunks = List.of(new Stripe(first, 0), new Stripe(second, 0));
      MappedDevice stripes =
          new MappedDevice(
              simulation.blkCrypto(), new MappingTable(new StripedTarget(1 << 17, 128, chunks)));
      InlineCryptTarget target =
          InlineCryptLine.parse(
              simulation.blkCrypto(),
              "aes-xts-plain64 " + hexKey + " 0 stripes 0 2 sector_size:4096 iv_large_sectors",
              1 << 17,
              Map.of("stripes", stripes)::get);
      try (MappedDevice volume =
          new MappedDevice(simulation.blkCrypto(), new MappingTable(target))) {
        FileSystem.format(volume, FormatOptions.of(StrategyKind.LIGHTWEIGHT));
      }
      // README end
      MemorySegment nothing = MemorySegment.ofArray(new byte[4096]);
      assertThat(medium.segment().asSlice(0, 4096).mismatch(nothing)).isNotEqualTo(-1);
      assertThat(first.keyslots().counters().programs()).isEqualTo(1);
      assertThat(second.keyslots().counters().programs()).isEqualTo(1);
    }
  }

  @Test
  void theReadmeShowsThisCode() throws IOException {
    String source = Files.readString(SOURCE);
    String begin = "// README begin\n";
    String example =
        source
            .substring(
                source.indexOf(begin) + begin.length(), source.indexOf("      // README end"))
            .stripTrailing()
            .stripIndent();
    assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + example + "\n```");
  }
}
