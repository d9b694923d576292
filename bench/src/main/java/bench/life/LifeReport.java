package bench.life;

import blockdev.queue.QueueCounters;
import inlinecrypt.keyslot.KeyslotCounters;
import java.util.List;

/**
 * What happened in one run of the main job.
 *
 * @param problems what did not verify, one line each; empty if everything did
 * @param verified whether everything did
 */
public record LifeReport(
    LifeOptions options,
    int files,
    int directories,
    int skipped,
    long bytes,
    boolean verified,
    List<String> problems,
    List<Phase> phases,
    int copies,
    int reflinksRefused,
    int overwrites,
    int extents,
    int extentsRelocated,
    int relocationsWithoutRoom,
    int cryptoMetadataBytesPerExtent,
    long mediumBlocksPredicted,
    long mediumMismatches,
    int readAttemptsAfterKeyRemoval,
    int readableAfterKeyRemoval,
    QueueCounters queue,
    KeyslotCounters keyslots,
    long keyDerivations,
    long virtualNs,
    long wallNs,
    long eventLogHash) {}
