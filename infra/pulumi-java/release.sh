#!/usr/bin/env bash
# Releases pushed images: new revisions of the task definitions, topic and ACLs, the migration, then the services and the archive job.
# usage: release.sh STACK sha256:DIGEST [sha256:ARCHIVE_DIGEST]   (needs aws and jq; run with the stack's release role)
#        release.sh --running STACK          prints the digest of the image that the web service runs; nothing before the first
#        release.sh --running-archive STACK  the same of the archive job; nothing where the stack has no archive
set -euo pipefail

image_of() { # TASK_DEFINITION CONTAINER: the digest of its image
    aws ecs describe-task-definition --task-definition "$1" --output json |
        jq -r --arg container "$2" '.taskDefinition.containerDefinitions[] | select(.name == $container).image' |
        sed -n 's/.*@\(sha256:.*\)/\1/p'
}

case $1 in
--running)
    name=deloton-$2
    definition=$(aws ecs describe-services --cluster "$name-gateway" --services "$name-web" \
        --query 'services[0].taskDefinition' --output text)
    image_of "$definition" gateway
    exit
    ;;
--running-archive)
    image_of "deloton-$2-archive" archive 2> /dev/null || true
    exit
    ;;
esac
stack=$1 digest=$2 archive_digest=${3:-}
name=deloton-$stack
cluster=$name-gateway

register() { # NAME CONTAINER DIGEST: the newest revision (Pulumi's or the last release's) with the image replaced; prints its ARN
    local definition
    definition=$(aws ecs describe-task-definition --task-definition "$name-$1" --query taskDefinition --output json |
        jq --arg container "$2" --arg digest "$3" '
            .containerDefinitions |= map(if .name == $container then .image |= (sub("[@:][^/]*$"; "") + "@" + $digest) else . end)
            | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities, .registeredAt,
                  .registeredBy, .deregisteredAt)')
    aws ecs register-task-definition --cli-input-json "$definition" \
        --query taskDefinition.taskDefinitionArn --output text
}

keep() { # REPOSITORY DIGEST: a tag that the repository's lifecycle policy keeps, since a running image must not expire
    local manifest tag=released-${2#sha256:}
    if ! aws ecr describe-images --repository-name "$1" --image-ids imageTag="$tag" > /dev/null 2>&1; then
        manifest=$(aws ecr batch-get-image --repository-name "$1" --image-ids imageDigest="$2" \
            --query 'images[0].imageManifest' --output text)
        aws ecr put-image --repository-name "$1" --image-tag "$tag" --image-manifest "$manifest" \
            --image-digest "$2" --query image.imageId.imageTag --output text
    fi
}

keep "$name-gateway" "$digest"
topics=$(register topics gateway "$digest")
migrate=$(register migrate gateway "$digest")
web=$(register web gateway "$digest")
ingest=$(register ingest gateway "$digest")

# The tasks that run once do so where the ingest tasks run.
network=$(aws ecs describe-services --cluster "$cluster" --services "$name-ingest" \
    --query 'services[0].networkConfiguration' --output json)

once() { # NAME DEFINITION
    local task code
    task=$(aws ecs run-task --cluster "$cluster" --launch-type FARGATE --task-definition "$2" \
        --network-configuration "$network" --query 'tasks[0].taskArn' --output text)
    aws ecs wait tasks-stopped --cluster "$cluster" --tasks "$task"
    code=$(aws ecs describe-tasks --cluster "$cluster" --tasks "$task" --query 'tasks[0].containers[0].exitCode' --output text)
    if [ "$code" != 0 ]; then
        echo "The task $1 ended with $code; the services are as they were. See the log group /deloton/$stack/$1." >&2
        exit 1
    fi
}
once topics "$topics"
once migrate "$migrate"

# The schedule starts the newest revision.
if [ -n "$archive_digest" ]; then
    keep "$name-archive" "$archive_digest"
    register archive archive "$archive_digest"
fi

aws ecs update-service --cluster "$cluster" --service "$name-ingest" --task-definition "$ingest" --query service.status --output text
aws ecs update-service --cluster "$cluster" --service "$name-web" --task-definition "$web" --query service.status --output text

# Waits for the new revision itself: a service is also "stable" after the circuit breaker has rolled it back.
rolled() { # SERVICE DEFINITION
    local state
    for _ in $(seq 120); do
        state=$(aws ecs describe-services --cluster "$cluster" --services "$1" --output json |
            jq -r --arg definition "$2" \
                '.services[0].deployments[] | select(.taskDefinition == $definition) | .rolloutState' | head -n 1)
        case $state in
        COMPLETED) return 0 ;;
        FAILED | "") break ;;
        esac
        sleep 10
    done
    echo "The roll-out of $1 to $2 has ended as '${state:-rolled back}'; expected COMPLETED." >&2
    return 1
}
rolled "$name-ingest" "$ingest"
rolled "$name-web" "$web"
