//! `GET /areas`: what is known of each area, with its sources.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use gongji_policy::view::{ParameterView, parameters};
use gongji_policy::{Grade, Pack, Source};

use super::{form, render, trouble};
use crate::Gongji;

struct AreaCard<'state> {
    pack: &'state Pack,
    schemes: String,
    /// How many rows rest on each grade.
    grades: Vec<(Grade, usize)>,
}

#[derive(Template)]
#[template(path = "areas.html")]
struct AreasPage<'state> {
    areas: Vec<AreaCard<'state>>,
}

struct Group {
    title: String,
    parameters: Vec<ParameterView>,
}

#[derive(Template)]
#[template(path = "area.html")]
struct AreaPage<'state> {
    pack: &'state Pack,
    groups: Vec<Group>,
    sources: Vec<&'state Source>,
}

const GRADES: [Grade; 4] = [Grade::Official, Grade::Press, Grade::Web, Grade::Unverified];

fn grades(parameters: &[ParameterView]) -> Vec<(Grade, usize)> {
    let rows = || parameters.iter().flat_map(|parameter| &parameter.rows);
    GRADES
        .into_iter()
        .map(|grade| (grade, rows().filter(|row| row.grade == grade).count()))
        .filter(|(_, count)| *count > 0)
        .collect()
}

/// `GET /areas`.
pub async fn list(State(state): State<Gongji>) -> Response {
    let areas = form::areas(&state)
        .map(|pack| AreaCard {
            pack,
            schemes: pack.schemes.iter().map(|scheme| scheme.label.as_str()).collect::<Vec<_>>().join("、"),
            grades: grades(&parameters(pack)),
        })
        .collect();
    render(StatusCode::OK, &AreasPage { areas })
}

/// `GET /areas/{code}`.
pub async fn one(State(state): State<Gongji>, Path(code): Path<String>) -> Response {
    let Some(pack) = state.packs().find(|pack| pack.area.code == code) else {
        let step = format!("打开“{code}”的规则：没有这个统筹区");
        return trouble(StatusCode::NOT_FOUND, "没有这个统筹区", &step, "从“各地规则”里选一个");
    };
    let mut groups: Vec<Group> = Vec::new();
    for mut parameter in parameters(pack) {
        let (title, label) = match parameter.label.rsplit_once(" · ") {
            Some((title, label)) => (title.to_owned(), label.to_owned()),
            None => ("指标".to_owned(), parameter.label.clone()),
        };
        parameter.label = label;
        match groups.iter_mut().find(|group| group.title == title) {
            Some(group) => group.parameters.push(parameter),
            None => groups.push(Group { title, parameters: vec![parameter] }),
        }
    }
    render(StatusCode::OK, &AreaPage { pack, groups, sources: pack.sources.iter().collect() })
}
