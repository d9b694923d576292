package bench.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IoGeneratorTest {
  private static final int KIB = 1024;

  private record Io(
      IoDirection direction, long offsetBytes, int lengthBytes, int key, long dataUnit) {}

  private static List<Io> ios(Job job, int clone, int count) {
    IoGenerator generator = new IoGenerator(job, clone);
    List<Io> ios = new ArrayList<>();
    for (int index = 0; index < count; index++) {
      generator.next();
      ios.add(current(generator));
    }
    return ios;
  }

  private static Io current(IoGenerator generator) {
    return new Io(
        generator.direction(),
        generator.offsetBytes(),
        generator.lengthBytes(),
        generator.region(),
        generator.dataUnitNumber());
  }

  @Test
  void aSequentialJobGoesThroughOneRegionAfterTheOther() {
    // Four regions of 8 KiB from 64 KiB on, then from the start again.
    Job job = Jobs.of("rw=read", "bs=4k", "size=32k", "offset=64k", "ic_keys=4");
    assertThat(ios(job, 0, 9))
        .extracting(Io::offsetBytes)
        .containsExactly(
            64L * KIB, 68L * KIB, 72L * KIB, 76L * KIB, 80L * KIB, 84L * KIB, 88L * KIB, 92L * KIB,
            64L * KIB);
    assertThat(ios(job, 0, 8)).extracting(Io::key).containsExactly(0, 0, 1, 1, 2, 2, 3, 3);
    assertThat(ios(job, 0, 8))
        .extracting(Io::dataUnit)
        .containsExactly(0L, 1L, 0L, 1L, 0L, 1L, 0L, 1L);
  }

  @Test
  void aSequentialJobWithKeysInTurnIsAsManyStreams() {
    Job job = Jobs.of("rw=write", "bs=4k", "size=32k", "ic_keys=4", "ic_key_dist=loop");
    assertThat(ios(job, 0, 9))
        .extracting(Io::offsetBytes)
        .containsExactly(
            0L, 8L * KIB, 16L * KIB, 24L * KIB, 4L * KIB, 12L * KIB, 20L * KIB, 28L * KIB, 0L);
  }

  @Test
  void clonesBeginTheLoopOverKeysApart() {
    Job job = Jobs.of("rw=randread", "size=1m", "ic_keys=8", "ic_key_dist=loop", "numjobs=2");
    assertThat(ios(job, 0, 3)).extracting(Io::key).containsExactly(0, 1, 2);
    assertThat(ios(job, 1, 3)).extracting(Io::key).containsExactly(4, 5, 6);
  }

  /** What is read back needs the key and the number that it was written with. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "rw=randrw bs=4k",
        "rw=randrw bs=4k ic_key_dist=zipf:1.1",
        "rw=rw bs=4k ic_key_dist=random",
        "rw=randrw bssplit=4k/50:12k/30:64k/20 random_distribution=zipf:1.2",
        "rw=rw bssplit=4k/50:12k/50 ic_key_dist=zipf:1.1",
        "rw=randrw bs=512 random_distribution=pareto:0.3",
      })
  void keyAndDataUnitNumberFollowFromTheBlock(String options) {
    // 3 MiB are no multiple of 7 keys and 64 KiB blocks: regions end inside.
    String all = options + " size=3m offset=1m ic_keys=7 numjobs=2 iodepth=4";
    Job job = Jobs.of(all.split(" "));
    int unitBytes = job.regions().dataUnitBytes();
    Map<Long, String> keyAndUnitOf = new HashMap<>();
    Set<Integer> keys = new HashSet<>();
    for (int clone = 0; clone < 2; clone++) {
      for (Io io : ios(job, clone, 5000)) {
        assertThat(io.lengthBytes()).isPositive();
        keys.add(io.key());
        for (int unit = 0; unit < io.lengthBytes() / unitBytes; unit++) {
          long offset = io.offsetBytes() + (long) unit * unitBytes;
          assertThat(offset).isBetween(1L << 20, (4L << 20) - unitBytes);
          String keyAndUnit = io.key() + " " + (io.dataUnit() + unit);
          assertThat(keyAndUnitOf.merge(offset, keyAndUnit, (old, same) -> old))
              .isEqualTo(keyAndUnit);
        }
      }
    }
    assertThat(keys).hasSize(7);
    assertThat(new HashSet<>(keyAndUnitOf.values()))
        .as("no number is used twice under one key")
        .hasSameSizeAs(keyAndUnitOf.keySet());
  }

  @Test
  void popularBlocksLieApartAndAllBlocksComeUp() {
    Job job = Jobs.of("rw=randread", "bs=4k", "size=1m", "random_distribution=zipf:1.01");
    Map<Long, Integer> counts = new HashMap<>();
    ios(job, 0, 50_000).forEach(io -> counts.merge(io.offsetBytes(), 1, Integer::sum));
    assertThat(counts).hasSize(256);
    List<Long> byCount =
        counts.keySet().stream()
            .sorted((a, b) -> Integer.compare(counts.get(b), counts.get(a)))
            .toList();
    assertThat(Math.abs(byCount.get(0) - byCount.get(1))).isGreaterThan(16 * 4096);
  }

  @Test
  void clonesDrawDifferentBlocksAndTheSameOnesAgain() {
    Job job = Jobs.of("rw=randread", "size=64m", "numjobs=2");
    assertThat(ios(job, 0, 100)).isEqualTo(ios(job, 0, 100)).isNotEqualTo(ios(job, 1, 100));
  }

  @Test
  void mixedJobsReadAsOftenAsTheyAreTold() {
    Job job = Jobs.of("rw=randrw", "rwmixread=70", "size=64m");
    long reads =
        ios(job, 0, 20_000).stream().filter(io -> io.direction() == IoDirection.READ).count();
    assertThat(reads).isBetween(13_700L, 14_300L);
  }

  @Test
  void blockSizesComeAsOftenAsTheirShare() {
    Job job = Jobs.of("rw=randread", "bssplit=4k/75:64k/25", "size=64m");
    long small = ios(job, 0, 20_000).stream().filter(io -> io.lengthBytes() == 4096).count();
    assertThat(small).isBetween(14_700L, 15_300L);
  }

  @Test
  void besideTheLastBlockOfAllIsTheFirst() {
    Job job = Jobs.of("rw=read", "bs=4k", "size=16k", "ic_keys=2");
    IoGenerator generator = new IoGenerator(job, 0);
    generator.next();
    List<Long> offsets = new ArrayList<>();
    for (int step = 0; step < 5; step++) {
      offsets.add(generator.offsetBytes());
      generator.nextBeside();
    }
    assertThat(offsets).containsExactly(0L, 4096L, 8192L, 12288L, 0L);
  }
}
