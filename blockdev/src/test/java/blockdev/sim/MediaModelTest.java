package blockdev.sim;

import static blockdev.sim.MediaTiming.UNLIMITED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import blockdev.sim.LoadedDevice.Io;
import blockdev.sim.LoadedDevice.Rate;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** When transfers come through, worked by hand. Times in the comments are µs. */
class MediaModelTest {
  private static final int PAGE = 4096;

  /**
   * 2 channels of 2 dies; page p on die p mod 4, channel p mod 2. A read has 10 at the front end, 5
   * in firmware, 100 at its die, 4 on its channel and 1 on the link; a write 20 at the front end, 2
   * on the link, 3 in firmware and 1 for each page, then 4 on the channel and 200 at its die.
   */
  private static final MediaTiming FULL =
      new MediaTiming(
          MediaTiming.ANY_DEPTH,
          10_000,
          20_000,
          5_000,
          3_000,
          1_000,
          2,
          2,
          100_000,
          200_000,
          1_024_000_000L,
          4_096_000_000L,
          2_048_000_000L,
          0);

  @Test
  void aReadPassesEachStationOnce() {
    assertThat(endsUs(FULL, Io.read(0, PAGE))).containsExactly(10 + 5 + 100 + 4 + 1L);
  }

  @Test
  void aReadOfLessThanAPageKeepsTheDieAsLongAndTheRestForLess() {
    assertThat(endsUs(FULL, Io.read(1024, 1024)))
        .as("1 on the channel, 0.25 on the link")
        .containsExactly(116L);
  }

  @Test
  void readsOfOneDieFollowEachOther() {
    assertThat(endsUs(FULL, Io.read(0, PAGE), Io.read(4 * PAGE, PAGE)))
        .containsExactly(120L, 10 + 5 + 100 + 100 + 4 + 1L);
  }

  @Test
  void readsOfTwoDiesOnTwoChannelsOverlap() {
    assertThat(endsUs(FULL, Io.read(0, PAGE), Io.read(PAGE, PAGE)))
        .as("the front end makes the second 10 later")
        .containsExactly(120L, 130L);
  }

  @Test
  void readsOfTwoDiesOnOneChannelMeetThere() {
    MediaTiming allAtOnce = withoutFrontEnd(FULL);
    assertThat(endsUs(allAtOnce, Io.read(0, PAGE), Io.read(2 * PAGE, PAGE)))
        .containsExactly(5 + 100 + 4 + 1L, 5 + 100 + 4 + 4 + 1L);
  }

  @Test
  void aReadBehindABusyDieHoldsUpNobodyElse() {
    MediaTiming allAtOnce = withoutFrontEnd(FULL);
    assertThat(endsUs(allAtOnce, Io.read(0, PAGE), Io.read(4 * PAGE, PAGE), Io.read(PAGE, PAGE)))
        .as("the third was fetched after the second and has the link before it")
        .containsExactly(110L, 210L, 111L);
  }

  @Test
  void aReadOfSeveralPagesIsDoneWithItsLastPart() {
    MediaTiming allAtOnce = withoutFrontEnd(FULL);
    // Pages 0 to 3 at 105; channel 0: 109, 113, channel 1 too; link 110, 111, 114, 115.
    assertThat(endsUs(allAtOnce, Io.read(0, 4 * PAGE))).containsExactly(115L);
    // Page 4 is on die 0 again, done at 205.
    assertThat(endsUs(allAtOnce, Io.read(0, 5 * PAGE))).containsExactly(210L);
  }

  @Test
  void aReadAcrossAPageBorderTouchesBothDies() {
    MediaTiming allAtOnce = withoutFrontEnd(FULL);
    // 2048 bytes each: 2 on the channels, in parallel, and 0.5 and 0.5 on the link.
    assertThat(endsUs(allAtOnce, Io.read(2048, PAGE))).containsExactly(108L);
  }

  @Test
  void aWriteWithoutABufferEndsWhenItIsProgrammed() {
    assertThat(endsUs(FULL, Io.write(0, PAGE))).containsExactly(20 + 2 + 3 + 1 + 4 + 200L);
    assertThat(endsUs(FULL, Io.write(0, 2 * PAGE)))
        .as("4 on the link, 1 for each page, two channels at once")
        .containsExactly(20 + 4 + 3 + 2 + 4 + 200L);
  }

  @Test
  void aWriteEndsInTheBufferAndAFlushWhenAllIsProgrammed() {
    LoadedDevice device = new LoadedDevice(withBuffer(FULL, 8));
    WaitPoint buffered = new WaitPoint();
    device.media.newTransfer(device.events, buffered::signal).write(0, PAGE, false, false);
    device.events.await(buffered);
    assertThat(device.time.nowNs()).isEqualTo(2_000 + 3_000 + 1_000);
    assertThat(device.flushNs()).isEqualTo(204_000);
    assertThat(device.flushNs()).as("nothing is left").isZero();
  }

  @Test
  void aWriteThroughTheBufferEndsWhenItIsProgrammed() {
    assertThat(endsUs(withBuffer(FULL, 8), Io.write(0, PAGE).throughBuffer()))
        .containsExactly(20 + 2 + 3 + 1 + 4 + 200L);
  }

  @Test
  void aFullBufferLetsWritersInOneAfterTheOther() {
    MediaTiming onePage = withBuffer(withoutFrontEnd(FULL), 1);
    // Link 2, 4, 6. The first is in at 6 and programmed at 210; the second is in then, and
    // programmed at 414; the third is in then.
    assertThat(endsUs(onePage, Io.write(0, PAGE), Io.write(PAGE, PAGE), Io.write(0, PAGE)))
        .containsExactly(6L, 210L, 414L);
  }

  @Test
  void aReadWaitsForTheProgramOfItsDie() {
    MediaTiming timing = withBuffer(withoutFrontEnd(FULL), 8);
    LoadedDevice device = new LoadedDevice(timing);
    WaitPoint buffered = new WaitPoint();
    device.media.newTransfer(device.events, buffered::signal).write(0, PAGE, false, false);
    device.events.await(buffered); // at 6, and the die is busy until 210
    WaitPoint read = new WaitPoint();
    device.media.newTransfer(device.events, read::signal).read(0, PAGE, false);
    device.events.await(read);
    assertThat(device.time.nowNs()).isEqualTo(210_000 + 100_000 + 4_000 + 1_000);
  }

  @Test
  void whatIsEncryptedHasTheEngineToPass() {
    DeviceTiming halfOfTheLink =
        new DeviceTiming(
            CryptoTiming.FREE.withEngineBytesPerSecond(2_048_000_000L),
            MediaTiming.ofDies(4, 100_000, 4_096_000_000L));
    List<Long> endsNs =
        new LoadedDevice(halfOfTheLink)
            .endsNs(
                Io.read(0, PAGE).crypt(),
                Io.read(PAGE, PAGE).crypt(),
                Io.read(2 * PAGE, PAGE).crypt());
    assertThat(endsNs)
        .as("2 in the engine, then 1 on the link")
        .containsExactly(103_000L, 105_000L, 107_000L);
  }

  @Test
  void theEngineBoundsWhatIsEncryptedAndNothingElse() {
    DeviceTiming slowEngine =
        new DeviceTiming(
            CryptoTiming.FREE.withEngineBytesPerSecond(100_000_000),
            MediaTiming.ofDies(64, 10_000, UNLIMITED));
    LoadedDevice device = new LoadedDevice(slowEngine);
    Io[] ios = new Io[100];
    for (int i = 0; i < ios.length; i++) {
      ios[i] = Io.read((long) i * PAGE, PAGE).crypt();
    }
    long endNs = device.endsNs(ios).getLast();
    assertThat(endNs).isEqualTo(10_000 + 100 * 40_960L);
    assertThat(device.media.use().get(2).totalBusyNs()).isEqualTo(100 * 40_960L);
  }

  @Test
  void theLinkBoundsSequentialReads() {
    LoadedDevice device = new LoadedDevice(MediaTiming.ofDies(64, 10_000, 1_000_000_000));
    long[] next = {0};
    Rate rate = device.closedLoop(false, 1 << 17, 8, 50, 500, () -> next[0]++ * (1 << 17));
    assertThat(rate.megabytesPerSecond()).isCloseTo(1000, within(1.0));
  }

  @Test
  void whereTheLinkIsTheBoundEveryOtherStationHasItsShare() {
    LoadedDevice device = new LoadedDevice(MediaTiming.ofDies(10, 10_000, 1_024_000_000));
    long[] next = {0};
    device.closedLoop(false, PAGE, 32, 1, 9_999, () -> next[0]++ * PAGE);
    long elapsedNs = device.time.nowNs();
    List<StationUse> use = device.media.use();
    assertThat(use.get(3).station()).isEqualTo("link to host");
    assertThat(use.get(3).utilisation(elapsedNs)).isCloseTo(1, within(0.01));
    assertThat(use.get(0).busyNs()).hasSize(10);
    assertThat(use.get(0).utilisation(elapsedNs))
        .as("10 of every 40 us")
        .isCloseTo(0.25, within(0.01));
    assertThat(use.get(4).totalBusyNs()).isZero();
  }

  @Test
  void littlesLawHolds() {
    for (int depth : new int[] {1, 7, 32, 128}) {
      LoadedDevice device = new LoadedDevice(FULL);
      Random random = new Random(depth);
      Rate rate =
          device.closedLoop(false, PAGE, depth, 1000, 20_000, () -> random.nextInt(4096) * 4096L);
      assertThat(rate.meanUnderWay()).as("depth %d", depth).isCloseTo(depth, within(depth * 0.02));
    }
  }

  @Test
  void fourBusyDiesAreSaturatedAtTheirRate() {
    LoadedDevice device = new LoadedDevice(withoutFrontEnd(FULL));
    long[] next = {0};
    Rate rate = device.closedLoop(false, PAGE, 32, 100, 4000, () -> next[0]++ * PAGE);
    assertThat(rate.perSecond()).isCloseTo(40_000, within(40.0));
  }

  /** M/D/1: random arrivals at one die. Service 20, load 0.4 and 0.8: waits of 6.667 and 40. */
  @Test
  void randomArrivalsAtOneDieWaitAsTheFormulaSays() {
    for (double load : new double[] {0.4, 0.8}) {
      double serviceNs = 20_000;
      LoadedDevice device = new LoadedDevice(MediaTiming.ofDies(1, (long) serviceNs, UNLIMITED));
      Random random = new Random(7);
      int count = 200_000;
      double[] latencyNsTotal = {0};
      int[] ended = {0};
      WaitPoint over = new WaitPoint();
      double atNs = 0;
      for (int i = 0; i < count; i++) {
        atNs += -StrictMath.log(1 - random.nextDouble()) * serviceNs / load;
        long arrivalNs = Math.round(atNs);
        Transfer transfer =
            device.media.newTransfer(
                device.events,
                () -> {
                  latencyNsTotal[0] += device.time.nowNs() - arrivalNs;
                  if (++ended[0] == count) {
                    over.signal();
                  }
                });
        device.events.schedule(() -> transfer.read(0, PAGE, false), arrivalNs);
      }
      device.events.await(over);
      double waitNs = latencyNsTotal[0] / count - serviceNs;
      double expectedNs = serviceNs * load / (2 * (1 - load));
      assertThat(waitNs).as("load %s", load).isCloseTo(expectedNs, within(0.03 * expectedNs));
    }
  }

  @Test
  void aDeviceTakesNoMoreCommandsThanItsDepth() {
    MediaTiming two =
        new MediaTiming(
            2, 0, 0, 0, 0, 0, 8, 1, 100_000, 100_000, UNLIMITED, UNLIMITED, UNLIMITED, 0);
    assertThat(endsUs(two, Io.read(0, PAGE), Io.read(PAGE, PAGE), Io.read(2 * PAGE, PAGE)))
        .containsExactly(100L, 100L, 200L);
  }

  @Test
  void whatTakesNoTimeEndsAtOnce() {
    assertThat(endsUs(MediaTiming.NULL, Io.read(0, PAGE), Io.write(0, 1 << 20)))
        .containsExactly(0L, 0L);
    assertThat(new LoadedDevice(MediaTiming.NULL).media.use()).isEmpty();
  }

  @Test
  void immediateTimeHasNoStations() {
    SimTime time = SimTime.immediate();
    EventQueue events = time.newEventQueue();
    MediaModel media = time.newMediaModel(new DeviceTiming(CryptoTiming.FREE, FULL));
    WaitPoint done = new WaitPoint();
    media.newTransfer(events, done::signal).read(0, PAGE, false);
    events.await(done);
    assertThat(media.use()).isEmpty();
  }

  @Test
  void timesAndBandwidthsThatMakeNoSenseAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> MediaTiming.ofDies(0, 1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> MediaTiming.ofDies(1, -1, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> MediaTiming.ofDies(1, 1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> CryptoTiming.FREE.withProgramNs(-1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CryptoTiming.FREE.withEngineBytesPerSecond(0));
  }

  private static List<Long> endsUs(MediaTiming timing, Io... ios) {
    return new LoadedDevice(timing).endsNs(ios).stream().map(ns -> ns / 1000).toList();
  }

  private static MediaTiming withoutFrontEnd(MediaTiming timing) {
    return new MediaTiming(
        timing.queueDepth(),
        0,
        0,
        timing.readFirmwareNs(),
        timing.writeFirmwareNs(),
        timing.writeFirmwarePageNs(),
        timing.channels(),
        timing.diesPerChannel(),
        timing.dieReadNs(),
        timing.dieProgramNs(),
        timing.channelBytesPerSecond(),
        timing.readLinkBytesPerSecond(),
        timing.writeLinkBytesPerSecond(),
        timing.bufferPages());
  }

  private static MediaTiming withBuffer(MediaTiming timing, int pages) {
    return new MediaTiming(
        timing.queueDepth(),
        timing.readCommandNs(),
        timing.writeCommandNs(),
        timing.readFirmwareNs(),
        timing.writeFirmwareNs(),
        timing.writeFirmwarePageNs(),
        timing.channels(),
        timing.diesPerChannel(),
        timing.dieReadNs(),
        timing.dieProgramNs(),
        timing.channelBytesPerSecond(),
        timing.readLinkBytesPerSecond(),
        timing.writeLinkBytesPerSecond(),
        pages);
  }
}
