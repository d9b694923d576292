package blockdev;

import static org.assertj.core.api.Assertions.assertThat;

import blockdev.bio.Bio;
import blockdev.bio.BioOp;
import blockdev.bio.BioStatus;
import blockdev.media.MemoryMedium;
import blockdev.queue.BlockQueue;
import blockdev.queue.Scheduler;
import blockdev.sim.SimThread;
import blockdev.sim.WaitPoint;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several devices in one simulation: one time, one host memory, one plug of each thread. */
class SeveralDevicesTest {
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aWaitOnOneDeviceLetsBiosOfAllEndAndFlushesTheirPlug(boolean virtualTime) {
    SimulationConfig config = SimulationConfig.defaults();
    try (MemoryMedium first = new MemoryMedium(1 << 20);
        MemoryMedium second = new MemoryMedium(1 << 20);
        Simulation simulation =
            new Simulation(virtualTime ? config : config.withImmediateTime(), first)) {
      BlockQueue other = simulation.attach(DeviceModel.ufs(4).withLogicalBlockBytes(512), second);
      simulation.queue().memory().segment().asSlice(0, 4096).fill((byte) 'x');
      WaitPoint done = new WaitPoint();
      Bio bio = new Bio(1, ended -> done.signal()).reset(BioOp.WRITE, 1);
      bio.addSegment(0, 4096);
      simulation.queue().submitter().startPlug();
      other.submitter().submit(bio);
      assertThat(done.isSignalled()).isFalse();
      simulation.queue().submitter().await(done);
      simulation.queue().submitter().finishPlug();
      assertThat(bio.status()).isEqualTo(BioStatus.OK);
      assertThat(second.segment().get(ValueLayout.JAVA_BYTE, 512)).isEqualTo((byte) 'x');
      assertThat(first.segment().get(ValueLayout.JAVA_BYTE, 512)).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aThreadIsTheSameOneOnAllDevicesInWhateverOrderItComesToThem(boolean virtualTime) {
    SimulationConfig config = SimulationConfig.defaults();
    try (MemoryMedium first = new MemoryMedium(1 << 20);
        MemoryMedium second = new MemoryMedium(1 << 20);
        Simulation simulation =
            new Simulation(virtualTime ? config : config.withImmediateTime(), first)) {
      BlockQueue other = simulation.attach(DeviceModel.ufs(4), second);
      assertThat(simulation.queue().submitter().index()).isZero();
      SimThread thread =
          simulation
              .time()
              .start(
                  "second",
                  () -> {
                    assertThat(other.submitter().index()).isEqualTo(1);
                    assertThat(simulation.queue().submitter().index()).isEqualTo(1);
                  });
      thread.join();
      assertThat(other.submitter().thread()).isSameAs(simulation.queue().submitter().thread());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aThreadThatFailsInAPlugLeavesNoneToItsSuccessor(boolean virtualTime) {
    SimulationConfig config =
        SimulationConfig.defaults().withHost(new HostModel(2, 16, Scheduler.NONE, 16L << 20));
    try (MemoryMedium first = new MemoryMedium(1 << 20);
        MemoryMedium second = new MemoryMedium(1 << 20);
        Simulation simulation =
            new Simulation(virtualTime ? config : config.withImmediateTime(), first)) {
      BlockQueue other = simulation.attach(DeviceModel.ufs(4), second);
      simulation.queue().submitter();
      for (int i = 0; i < 3; i++) {
        simulation
            .time()
            .start(
                "plugs-" + i,
                () -> {
                  WaitPoint done = new WaitPoint();
                  Bio bio = new Bio(1, ended -> done.signal()).reset(BioOp.WRITE, 0);
                  bio.addSegment(0, 4096);
                  other.submitter().submit(bio);
                  simulation.queue().submitter().events().await(done); // flushes nothing
                  simulation.queue().submitter().startPlug();
                })
            .join();
      }
    }
  }
}
