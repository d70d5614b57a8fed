package com.deloton.gateway.doctor;

import com.deloton.gateway.config.KafkaConfig;
import com.deloton.gateway.doctor.TopicSetup.TopicException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;

/**
 * The ACLs that readers and writers of the topics need.
 *
 * @param fleetTopic the topic of the fleet's state, which gateways write and read; null for none
 * @param gateways principals that read the topic in the group {@code kafka.group-id}, such as {@code User:deloton-gateway}
 * @param bikes principals that write to it
 */
public record TopicGrants(KafkaConfig kafka, @Nullable String fleetTopic, List<String> gateways, List<String> bikes) {
    /** A grant, as the command prints it. */
    public record Grant(AclBinding binding) {
        @Override
        public String toString() {
            return "%s %s on %s %s"
                    .formatted(
                            binding.entry().principal(),
                            binding.entry().operation(),
                            binding.pattern().resourceType(),
                            binding.pattern().name());
        }
    }

    /** All grants that the brokers lack. */
    public List<Grant> missing() throws TopicException, InterruptedException {
        List<Grant> missing = new ArrayList<>();
        try (Admin admin = Kafka.admin(kafka)) {
            for (Grant grant : all()) {
                if (Kafka.get(admin.describeAcls(grant.binding().toFilter()).values())
                        .isEmpty()) {
                    missing.add(grant);
                }
            }
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            throw failed("read", e);
        }
        return missing;
    }

    /** Creates them, all or none. */
    public void create(List<Grant> grants) throws TopicException, InterruptedException {
        try (Admin admin = Kafka.admin(kafka)) {
            Kafka.get(admin.createAcls(grants.stream().map(Grant::binding).toList())
                    .all());
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            throw failed("created", e);
        }
    }

    private List<Grant> all() {
        List<Grant> grants = new ArrayList<>();
        for (String gateway : gateways) {
            for (AclOperation operation :
                    List.of(AclOperation.READ, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS)) {
                grants.add(grant(gateway, operation, ResourceType.TOPIC, kafka.topic()));
            }
            grants.add(grant(gateway, AclOperation.READ, ResourceType.GROUP, kafka.groupId()));
            if (fleetTopic != null) {
                for (AclOperation operation : List.of(AclOperation.READ, AclOperation.WRITE, AclOperation.DESCRIBE)) {
                    grants.add(grant(gateway, operation, ResourceType.TOPIC, fleetTopic));
                }
            }
        }
        for (String bike : bikes) {
            grants.add(grant(bike, AclOperation.WRITE, ResourceType.TOPIC, kafka.topic()));
            grants.add(grant(bike, AclOperation.DESCRIBE, ResourceType.TOPIC, kafka.topic()));
        }
        return grants;
    }

    private static Grant grant(String principal, AclOperation operation, ResourceType type, String name) {
        return new Grant(new AclBinding(
                new ResourcePattern(type, name, PatternType.LITERAL),
                new AccessControlEntry(principal, "*", operation, AclPermissionType.ALLOW)));
    }

    private TopicException failed(String action, Exception e) {
        return new TopicException(
                "The ACLs of the topic %s cannot be %s on %s: %s"
                        .formatted(kafka.topic(), action, kafka.bootstrapServers(), Doctor.reason(e)),
                e);
    }
}
